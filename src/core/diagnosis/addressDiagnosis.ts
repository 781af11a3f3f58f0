import type { Agent } from 'node:http';
import * as l10n from '@vscode/l10n';
import type { Answer } from './answer';
import { answeredBy, openProxy } from './answered';
import { ask } from './ask';
import type { Asked } from './ask';
import { tlsProblem } from './explainCertificate';
import { networkProblem } from './explainFailure';
import type { OpenPorts } from './explainFailure';
import { httpResultOf } from './httpResult';
import type { HttpResult } from './httpResult';
import type { Problem } from './ladder';
import { resolutionOf } from './resolution';
import type { Resolution } from './resolution';
import type { Surroundings } from './surroundings';
import { forbiddenProblem, isForbidden } from './target';
import type { Target } from './target';
import { chainsOf, countedCas, demandsOf, refusalOf } from './tlsVerdict';
import type { Viewer } from './tlsVerdict';
import { acceptedVerdict, evidenceOf, refusedVerdict } from './verdict';
import type { Judged, Verdict, Verdicts } from './verdict';

const usualPorts = [6443, 443] as const;
/** The parts of the deadline for a name, or for other ports; for one connection; and for all that one verdict needs. */
const PORT_SHARE = 0.15;
const ASK_SHARE = 0.5;
const VERDICT_SHARE = 1 - 2 * PORT_SHARE;

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
  /** When what is being found out has to be known. */
  private until = Number.POSITIVE_INFINITY;
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
    this.resolution ??= resolutionOf(this.target.hostname, this.world.resolve, this.world.deadline * PORT_SHARE);
    return this.resolution;
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

  /** Whatever is asked from now on ends in time together, however silent the address becomes. */
  begin(): void {
    this.until = performance.now() + this.world.deadline * VERDICT_SHARE;
  }

  private async judge(caCert: string | undefined, gitlabVersion: string | undefined): Promise<Verdicts> {
    this.begin();
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
      const more = async (path: string): Promise<Answer | undefined> =>
        (await this.ask(agent, { verify: true, demands, path })).answer;
      if (wantsHttp && asked.answer) this.http = await httpResultOf(this.target, asked, asked.answer, more);
      const { hostname } = this.target;
      return await this.verdictOf(asked, { viewer, hostname, caCert, stored, world: this.world }, other);
    } finally {
      agent.destroy();
    }
  }

  private async verdictOf(asked: Asked, judged: Judged, other: Verdict | undefined): Promise<Verdict> {
    const { failure } = asked;
    if (!failure) return acceptedVerdict(asked, judged);
    const verdict = { asked, refusal: undefined, presented: asked.presented, problem: undefined, warning: undefined };
    // After a verified handshake this is HTTP's failure, not TLS's.
    if (failure.stage === 'http') {
      this.silent ??= asked;
      return verdict;
    }
    const refusal = failure.stage === 'tls' ? refusalOf(failure) : undefined;
    if (refusal === undefined) {
      const ports = failure.stage === 'connect' && asked.proxy === undefined ? await this.otherPorts() : [];
      return { ...verdict, problem: networkProblem(failure, this.target, ports, asked.proxy) };
    }
    if (refusal === 'notTls') return { ...verdict, refusal, problem: await this.plainProblem(judged) };
    // kubectl does not look at the length of keys; Node gives up before the rest.
    if (judged.viewer === 'kubectl' && refusal === 'weakKey' && other) {
      const warning = tlsProblem('weakKey', '', evidenceOf(judged, asked.presented));
      return { ...verdict, refusal, presented: other.presented, warning };
    }
    return refusedVerdict({ asked, refusal, code: failure.code }, judged, await this.unverified());
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
  private async plainProblem(judged: Judged): Promise<Problem> {
    const target = { ...this.target, secure: false, base: this.target.base.replace(/^https:/, 'http:') };
    const agent = this.world.openAgent(false, []);
    try {
      const { answer } = await this.ask(agent, { verify: false, path: '/version' }, target);
      if (answer && answeredBy(answer, target.path).who === 'kubernetes') return openProxy();
      const problem = tlsProblem('notTls', '', evidenceOf(judged, undefined));
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
      deadline: Math.max(1, Math.min(this.world.deadline * ASK_SHARE, this.until - performance.now())),
      signal: this.signal,
    });
  }
}
