import type { Agent } from 'node:http';
import type Fetching from 'node-fetch';
import type { RequestInit, Response } from 'node-fetch';
import * as z from 'zod/mini';
import type { Fetch } from '../gitlab/exchange';
import { GitLabError } from '../gitlab/errors';
import type { TlsReason } from '../gitlab/errors';
import { retryAfterOf } from '../gitlab/failures';
import type { HostUrl } from '../model/host';
import { plain } from '../model/plainText';
import { newJourney, travel } from './agents';
import type { Journey, OpenAgent } from './agents';
import type { OwnCa, Trust } from './ownCa';
import type { Probe } from './tlsProbe';
import { failedWithin, lacksTrust, mayFollowRequest, tlsReason } from './tlsReason';

interface HostFetchesOptions {
  /** What the setting says about a host's CA, asked before each request. */
  readonly ownCa: (url: HostUrl) => OwnCa;
  readonly openAgent: OpenAgent;
}

/** A fetch for each host: with the CAs trusted for that host alone, its own connections, and the editor's proxies. */
export interface HostFetches {
  /** Throws GitLabError `tls` and `proxy`, and what node-fetch throws. Always the same function for the same host. */
  readonly of: (url: HostUrl) => Fetch;
  /** Gets ready for the first request to a host, and sends nothing. Never throws: the request tells what is wrong. */
  readonly prepare: (url: HostUrl) => void;
  /** Lets go of every way that was found: proxy or certificate settings of the editor changed. */
  readonly forgetWays: () => void;
}

/** What an unsuccessful look at the certificate is worth: requests that fail together share one. In milliseconds. */
const PROBE_AGE = 5000;
/** A failed request waits no longer than this for details of its failure. In milliseconds. */
const PROBE_DEADLINE = 5000;

/** Kept, since even a chunk that is loaded costs something each time. */
let nodeFetch: Promise<{ readonly fetch: typeof Fetching }> | undefined;

export function hostFetches(options: HostFetchesOptions): HostFetches {
  const hosts = new Map<HostUrl, HostConnection>();
  const of = (url: HostUrl): HostConnection => {
    const known = hosts.get(url);
    if (known) return known;
    const made = new HostConnection(url, options);
    hosts.set(url, made);
    return made;
  };
  return {
    of: (url) => of(url).fetch,
    prepare: (url) =>
      void of(url)
        .prepare()
        .catch(() => undefined),
    forgetWays: () => {
      for (const host of hosts.values()) host.forgetWay();
    },
  };
}

/** Whom a connection trusts: the host's own CAs with the system's, or exactly whom the editor trusts. */
type Truster = 'own' | 'editor';

/** How one host is reached. */
class HostConnection {
  private readonly url: HostUrl;
  private readonly options: HostFetchesOptions;
  private readonly agents = new Map<Truster, Agent>();
  /** Whom to ask first: the one that did last time. */
  private first: Truster = 'own';
  private known: { readonly key: string; readonly trust: Promise<Trust> } | undefined;
  private probed: { readonly at: number; readonly probe: Promise<Probe> } | undefined;

  constructor(url: HostUrl, options: HostFetchesOptions) {
    this.url = url;
    this.options = options;
  }

  readonly fetch = async (address: string, init: RequestInit): Promise<Response> => {
    const { fetch, trust, trusters } = await this.ready();
    let failure: unknown;
    let secured = false;
    for (const truster of trusters) {
      const journey = newJourney();
      try {
        const response = await travel(journey, () => fetch(address, { ...init, agent: this.agent(truster, trust) }));
        this.first = truster;
        return this.checked(response, journey);
      } catch (error) {
        if (error instanceof GitLabError) throw error;
        if (journey.proxyProblem !== undefined)
          throw new GitLabError('proxy', { message: journey.proxyProblem, proxy: journey.proxy });
        failure = error;
        secured = journey.secured;
        // Nothing was sent yet, so that even a write may be tried with the other trust.
        if (!lacksTrust(reasonOf(error, secured))) break;
      }
    }
    throw await this.explained(failure, trust, secured);
  };

  /**
   * Loads what sends, and the certificates, which takes the editor about 100 ms of computing before the first connection.
   * Nothing is sent.
   */
  async prepare(): Promise<void> {
    const { trust, trusters } = await this.ready();
    if (this.url.startsWith('https:')) this.agent(trusters[0], trust);
  }

  private async ready() {
    nodeFetch ??= import('./nodeFetch');
    const [{ fetch }, trust] = await Promise.all([nodeFetch, this.trust()]);
    const trusters: readonly [Truster, ...Truster[]] =
      trust.certificates.length === 0 ? ['editor'] : this.first === 'own' ? ['own', 'editor'] : ['editor', 'own'];
    return { fetch, trust, trusters };
  }

  /** Ways and certificates are found anew. Connections in use stay until their answer is there. */
  forgetWay(): void {
    this.agents.clear();
    this.probed = undefined;
    this.known = undefined;
    this.first = 'own';
  }

  private trust(): Promise<Trust> {
    const own = this.options.ownCa(this.url);
    const key = JSON.stringify([own.caFile, own.ca]);
    if (this.known?.key !== key) {
      this.agents.clear();
      this.first = 'own';
      this.known = { key, trust: import('./ownCa').then(({ readTrust }) => readTrust(own)) };
    }
    return this.known.trust;
  }

  private agent(truster: Truster, { certificates }: Trust): Agent {
    const known = this.agents.get(truster);
    if (known) return known;
    const made = this.options.openAgent(this.url.startsWith('https:'), truster === 'own' ? certificates : []);
    this.agents.set(truster, made);
    return made;
  }

  /** Only GitLab's own answers pass: over plain http a proxy's sign-in looks like one, over https it is no secure one. */
  private checked(response: Response, { answeredByProxy, proxy }: Journey): Response {
    if (!answeredByProxy && response.status !== 407) return response;
    response.body?.resume();
    const retryAfter = retryAfterOf(response.headers.get('retry-after'));
    throw new GitLabError('proxy', { status: response.status, proxy, retryAfter });
  }

  /** `secured`: the handshake was over, so that the request may have been sent all the same. */
  private async explained(failure: unknown, trust: Trust, secured: boolean): Promise<unknown> {
    const reason = this.url.startsWith('https:') ? reasonOf(failure, secured) : undefined;
    if (reason === undefined) return secured ? failure : this.neverSent(failure);
    // The file may be mended meanwhile: it is read again next time.
    this.known = undefined;
    const looked = await this.look(reason, trust);
    return new GitLabError('tls', {
      message: wordsOf(failure, reason),
      tls: {
        reason,
        presented: looked.outcome === 'secure' ? looked.presented : undefined,
        protocol: reason === 'oldProtocol' && looked.outcome === 'secure' ? looked.presented?.protocol : undefined,
        trusted: (await import('./ownCa')).decoded(trust),
        changed: trust.pinned && lacksTrust(reason),
        caProblem: trust.problem,
      },
      proxy: looked.proxy,
      // With a cause, the request may have been sent.
      ...(secured && mayFollowRequest(reason) && { cause: failure }),
    });
  }

  /** A connection that broke off during the handshake: a network failure without a cause, so that nothing was sent. */
  private neverSent(failure: unknown): unknown {
    const { code } = parsed(failure);
    return this.url.startsWith('https:') && code === 'ECONNRESET'
      ? new GitLabError('network', { message: code })
      : failure;
  }

  private look(reason: TlsReason, { certificates }: Trust): Promise<Probe> {
    const now = Date.now();
    if (this.probed && now - this.probed.at < PROBE_AGE) return this.probed.probe;
    const oldest = reason === 'oldProtocol' ? { oldest: 'TLSv1' as const } : {};
    const options = { openAgent: this.options.openAgent, certificates, deadline: PROBE_DEADLINE, ...oldest };
    const looking = import('./tlsProbe').then(({ probe }) => probe(this.url, options));
    this.probed = { at: now, probe: looking };
    return looking;
  }
}

const systemError = z.object({ code: z.optional(z.string()), message: z.optional(z.string()) });

function parsed(error: unknown): z.infer<typeof systemError> {
  return systemError.safeParse(error).data ?? {};
}

function reasonOf(error: unknown, secured: boolean): TlsReason | undefined {
  const { code, message = '' } = parsed(error);
  return tlsReason(code, message) ?? (!secured && failedWithin(code) ? 'other' : undefined);
}

/** The code; with OpenSSL's words where neither code nor reason says what it found. */
function wordsOf(error: unknown, reason: TlsReason): string | undefined {
  const { code, message = '' } = parsed(error);
  const words = plain(message.replace(/^.*, reason: /s, ''));
  return reason === 'other' && words !== '' && words !== code ? `${code}: ${words}` : code;
}
