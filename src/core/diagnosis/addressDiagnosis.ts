import type { Agent } from 'node:http';
import { isIP } from 'node:net';
import * as l10n from '@vscode/l10n';
import { plain } from '../model/plainText';
import type { PresentedChain } from '../model/presentedChain';
import type { OpenAgent } from '../net/agents';
import { lacksTrust } from '../net/tlsReason';
import type { Answer } from './answer';
import { answeredBy, apiPath, openProxy, strangerByCertificate } from './answered';
import type { Answered } from './answered';
import { ask } from './ask';
import type { AskOptions, Asked } from './ask';
import { chainCause, hasWeakKey } from './chainCause';
import type { ChainCause, KnownCa } from './chainCause';
import { tlsProblem } from './explainCertificate';
import { networkProblem } from './explainFailure';
import type { OpenPorts } from './explainFailure';
import type { Problem } from './ladder';
import { forbiddenProblem, isForbidden } from './target';
import type { Target } from './target';
import { chainsOf, countedCas, demandsOf, refusalOf } from './tlsVerdict';
import type { Refusal, Viewer } from './tlsVerdict';

/** What a diagnosis needs of the world. */
export interface Surroundings {
  readonly openAgent: OpenAgent;
  /** All addresses of a name. Throws the system's error. */
  readonly resolve: (name: string) => Promise<readonly string[]>;
  /** Whether something accepts connections there; asked of other usual ports where there is no connection. */
  readonly tryPort: (address: string, port: number, deadline: number) => Promise<boolean>;
  /** The CAs of registrations that are known. */
  readonly knownCas: () => readonly KnownCa[];
  /** Milliseconds after which an address that says nothing has its verdict. */
  readonly deadline: number;
  readonly now: () => Date;
}

/** What the name led to. */
export interface Resolution {
  readonly addresses: readonly string[];
  readonly code: string | undefined;
  readonly milliseconds: number;
}

/** One viewer's verdict. */
export interface Verdict {
  readonly asked: Asked;
  readonly refusal: Refusal | undefined;
  readonly presented: PresentedChain | undefined;
  readonly problem: Problem | undefined;
  /** What the viewer accepts, but should not be relied on. */
  readonly warning: Problem | undefined;
}

/** Both verdicts about one stored CA. */
export interface Verdicts {
  readonly gitlab: Verdict;
  /** Undefined where there was no connection to look at. */
  readonly kubectl: Verdict | undefined;
}

/** What was answered over HTTP, asked once per address. */
export interface HttpResult {
  readonly answered: Answered;
  readonly status: number;
  /** Of `/livez`, where it was asked. */
  readonly health: Answer | undefined;
  readonly milliseconds: number;
}

const usualPorts = [6443, 443] as const;
/** The parts of the deadline for one connection, and for looking at other ports after it. */
const ASK_SHARE = 0.6;
const PORT_SHARE = 0.15;

/** What is found out about one address; everything is asked once, however many registrations lead there. */
export class AddressDiagnosis {
  readonly target: Target;
  private readonly world: Surroundings;
  private readonly signal: AbortSignal | undefined;
  private resolution: Promise<Resolution> | undefined;
  private looked: Promise<Asked> | undefined;
  private ports: Promise<OpenPorts> | undefined;
  private readonly verdicts = new Map<string, Promise<Verdicts>>();
  /** The connection could not be made at all: the same for every stored CA. */
  private unreachable: Verdicts | undefined;
  http: HttpResult | undefined;
  /** A verified connection over which no answer came. */
  silent: Asked | undefined;

  constructor(target: Target, world: Surroundings, signal?: AbortSignal) {
    this.target = target;
    this.world = world;
    this.signal = signal;
  }

  /** Why nothing is sent there; undefined for an address that may be asked. */
  async forbidden(): Promise<Problem | undefined> {
    const { hostname } = this.target;
    const { addresses } = await this.resolved();
    const bad = [hostname, ...addresses].find(isForbidden);
    return bad === undefined ? undefined : forbiddenProblem(bad === hostname ? hostname : `${hostname} (${bad})`);
  }

  resolved(): Promise<Resolution> {
    this.resolution ??= this.resolve();
    return this.resolution;
  }

  private async resolve(): Promise<Resolution> {
    const { hostname } = this.target;
    if (isIP(hostname) !== 0) return { addresses: [hostname], code: undefined, milliseconds: 0 };
    const started = performance.now();
    const found = (addresses: readonly string[], code?: string): Resolution => ({
      addresses,
      code,
      milliseconds: Math.round(performance.now() - started),
    });
    try {
      return found(await before(this.world.resolve(hostname), this.world.deadline * PORT_SHARE));
    } catch (error) {
      return found([], error instanceof Error && 'code' in error ? String(error.code) : 'ENOTFOUND');
    }
  }

  /** Both verdicts about a stored CA, and HTTP with the first that was verified. One after another per address. */
  async verdictsFor(caCert: string | undefined, gitlabVersion: string | undefined): Promise<Verdicts> {
    if (this.unreachable) return this.unreachable;
    const cas = (viewer: Viewer): readonly string[] => countedCas(caCert, viewer, gitlabVersion).map(String);
    const key = JSON.stringify([cas('gitlab'), cas('kubectl')]);
    const known = this.verdicts.get(key) ?? this.judge(caCert, gitlabVersion);
    this.verdicts.set(key, known);
    return known;
  }

  private async judge(caCert: string | undefined, gitlabVersion: string | undefined): Promise<Verdicts> {
    const gitlab = await this.look('gitlab', caCert, gitlabVersion);
    const noTls = gitlab.refusal === 'notTls' || gitlab.refusal === 'oldProtocol' || gitlab.refusal === 'unknownName';
    if (!this.target.secure || noTls || (gitlab.problem && gitlab.refusal === undefined)) {
      const verdicts = { gitlab, kubectl: undefined };
      this.unreachable = verdicts;
      return verdicts;
    }
    return { gitlab, kubectl: await this.look('kubectl', caCert, gitlabVersion, gitlab) };
  }

  private async look(
    viewer: Viewer,
    caCert: string | undefined,
    gitlabVersion: string | undefined,
    other?: Verdict,
  ): Promise<Verdict> {
    const stored = countedCas(caCert, viewer, gitlabVersion);
    const certificates = stored.map(String);
    const agent = this.world.openAgent(this.target.secure, certificates, chainsOf(viewer));
    const demands = demandsOf(viewer, stored);
    try {
      const wantsHttp = this.http === undefined && this.silent === undefined;
      const asked = await this.ask(agent, {
        verify: true,
        demands,
        path: wantsHttp ? '/version' : undefined,
      });
      if (wantsHttp && asked.answer) await this.readHttp(asked, asked.answer, agent, demands);
      return await this.verdictOf(viewer, asked, caCert, stored, other);
    } finally {
      agent.destroy();
    }
  }

  private async verdictOf(
    viewer: Viewer,
    asked: Asked,
    caCert: string | undefined,
    stored: ReturnType<typeof countedCas>,
    other: Verdict | undefined,
  ): Promise<Verdict> {
    const { failure, presented } = asked;
    const verdict = { asked, refusal: undefined, presented, problem: undefined, warning: undefined };
    const now = this.world.now();
    const evidence = { hostname: this.target.hostname, presented, cause: undefined, now };
    if (!failure) {
      // Node 20 and BoringSSL let such a key pass; GitLab's OpenSSL does not.
      const weak = viewer === 'gitlab' && presented !== undefined && hasWeakKey(presented);
      return weak ? { ...verdict, refusal: 'weakKey', problem: tlsProblem('weakKey', '', evidence) } : verdict;
    }
    const refusal = failure.stage === 'tls' ? refusalOf(failure) : undefined;
    if (failure.stage !== 'tls' || refusal === undefined) {
      // After a verified handshake this is HTTP's failure, not TLS's.
      if (failure.stage === 'http') {
        this.silent ??= asked;
        return verdict;
      }
      const ports = failure.stage === 'connect' && asked.proxy === undefined ? await this.otherPorts() : [];
      return { ...verdict, problem: networkProblem(failure, this.target, ports, asked.proxy) };
    }
    if (refusal === 'notTls') return { ...verdict, refusal, problem: await this.plainProblem(evidence) };
    // kubectl does not look at the length of keys; Node gives up before the rest.
    if (viewer === 'kubectl' && refusal === 'weakKey' && other)
      return { ...verdict, refusal, presented: other.presented, warning: tlsProblem('weakKey', '', evidence) };
    const seen = await this.unverified();
    const shown = presented ?? seen.presented;
    const stranger = shown && strangerByCertificate(shown);
    if (stranger) return { ...verdict, refusal, presented: shown, problem: stranger };
    const cause = shown && this.causeOf(refusal, shown, caCert, stored, seen.authorized);
    return {
      ...verdict,
      refusal,
      presented: shown,
      problem: tlsProblem(refusal, failure.code, { ...evidence, presented: shown, cause }),
    };
  }

  private causeOf(
    refusal: Refusal,
    presented: PresentedChain,
    caCert: string | undefined,
    stored: ReturnType<typeof countedCas>,
    trustedBySystem: boolean,
  ): ChainCause | undefined {
    const asksForCause =
      refusal === 'expired' || (refusal !== 'commonNameAlone' && refusal !== 'unknownName' && lacksTrust(refusal));
    if (!asksForCause) return undefined;
    const { knownCas, now } = this.world;
    const others = (): readonly KnownCa[] =>
      knownCas().filter(
        ({ certificates }) => !certificates.some((ca) => (caCert ?? '').includes(ca.toString().trim())),
      );
    return chainCause({ presented, stored, trustedBySystem, knownCas: others, now: now() });
  }

  /** One look with verification off, to find the cause: no request, no token. */
  private unverified(): Promise<Asked> {
    this.looked ??= (async () => {
      const agent = this.world.openAgent(true, []);
      try {
        return await this.ask(agent, { verify: false });
      } finally {
        agent.destroy();
      }
    })();
    return this.looked;
  }

  /** What speaks on a port without TLS. */
  private async plainProblem(evidence: Parameters<typeof tlsProblem>[2]): Promise<Problem> {
    const target = { ...this.target, secure: false, base: this.target.base.replace(/^https:/, 'http:') };
    const agent = this.world.openAgent(false, []);
    try {
      const { answer } = await this.ask(agent, { verify: false, path: '/version' }, target);
      if (answer && answeredBy(answer, target.path).who === 'kubernetes') return openProxy();
      const problem = tlsProblem('notTls', '', evidence);
      return answer
        ? {
            ...problem,
            title: l10n.t('Plain HTTP on this port'),
            sentence: l10n.t('A web server without TLS answers on this port, and the API URL begins with https.'),
          }
        : problem;
    } finally {
      agent.destroy();
    }
  }

  private async readHttp(asked: Asked, answer: Answer, agent: Agent, demands: AskOptions['demands']): Promise<void> {
    const { target } = this;
    const more = async (path: string): Promise<Answer | undefined> =>
      (await this.ask(agent, { verify: true, demands, path })).answer;
    const milliseconds = Math.round(asked.endedAt - (asked.securedAt ?? asked.connectedAt ?? 0));
    let answered = answeredBy(answer, target.path);
    let health: Answer | undefined;
    const tooLong = apiPath(target.path, answer.status);
    if (tooLong) answered = { who: 'stranger', problem: tooLong };
    else if (answered.who === 'kubernetes' && answered.anonymous === 'allowed') health = await more('/livez');
    else if (answered.who === 'stranger' && answer.status === 404) {
      // An API server that hides its version still has this.
      const api = await more('/api');
      const second = api && answeredBy(api, target.path);
      if (second?.who === 'kubernetes') answered = second;
    }
    if (!target.secure && answered.who === 'kubernetes' && answered.anonymous === 'allowed')
      answered = { who: 'stranger', problem: openProxy() };
    this.http = { answered, status: answer.status, health, milliseconds };
  }

  private otherPorts(): Promise<OpenPorts> {
    this.ports ??= (async () => {
      const [address] = (await this.resolved()).addresses;
      if (address === undefined) return [];
      const candidates = usualPorts.filter((port) => port !== this.target.port);
      const deadline = this.world.deadline * PORT_SHARE;
      const open = await Promise.all(candidates.map((port) => this.world.tryPort(address, port, deadline)));
      return candidates.filter((_port, index) => open[index]);
    })();
    return this.ports;
  }

  /** Asks with what every connection to this address has in common. Tokens go this way too, over verified ones alone. */
  async ask(
    agent: Agent,
    options: Omit<Parameters<typeof ask>[1], 'agent' | 'addresses' | 'deadline' | 'signal'>,
    target: Target = this.target,
  ): Promise<Asked> {
    const { addresses } = await this.resolved();
    return ask(target, {
      ...options,
      agent,
      addresses: addresses.length > 0 ? addresses : undefined,
      deadline: this.world.deadline * ASK_SHARE,
      signal: this.signal,
    });
  }
}

/** The addresses of a target in words. */
export function addressWords({ hostname }: Target, { addresses }: Resolution): string {
  return `${plain(hostname)} → ${addresses.join(', ')}`;
}

/** Rejects with ETIMEDOUT where a promise takes longer. */
async function before<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('late'), { code: 'EAI_AGAIN' })), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
