import * as l10n from '@vscode/l10n';
import { localRemedy } from '../model/apiUrl';
import { plain } from '../model/plainText';
import { Queue, drain } from '../time/taskPool';
import { AddressDiagnosis, addressWords } from './addressDiagnosis';
import type { HttpResult, Resolution, Surroundings, Verdict, Verdicts } from './addressDiagnosis';
import { certificatesOf } from './chainCause';
import { networkProblem } from './explainFailure';
import { linesOf, stepNames } from './ladder';
import type { Diagnosis, Problem, Registration, Step, StepName } from './ladder';
import { addressKey, markOf, targetOf } from './target';
import type { Target } from './target';
import { tokenStep } from './tokenStep';
import { distributionOf, versionProblem } from './versions';
import type { ApiVersion } from './versions';

/** Addresses that are looked at at once. */
export const ADDRESSES_AT_ONCE = 8;

/**
 * Looks at registrations from this computer, those of one address together, so that everything is asked once per address.
 * Calls `onResult` with the place in the list as each is known. Rejects only where `signal` is aborted.
 */
export async function diagnoseAll(
  registrations: readonly Registration[],
  world: Surroundings,
  onResult: (index: number, diagnosis: Diagnosis) => void,
  signal?: AbortSignal,
): Promise<void> {
  const byAddress = new Map<string, number[]>();
  registrations.forEach(({ apiUrl }, index) => {
    const key = addressKey(apiUrl) ?? `?${apiUrl}`;
    const together = byAddress.get(key);
    if (together) together.push(index);
    else byAddress.set(key, [index]);
  });
  const tasks = new Queue<readonly number[]>();
  for (const indices of byAddress.values()) tasks.push(indices);
  await drain({
    lanes: [{ tasks, share: ADDRESSES_AT_ONCE }],
    slots: ADDRESSES_AT_ONCE,
    signal,
    run: async (indices, running) => {
      let address: AddressDiagnosis | undefined;
      for (const index of indices) {
        const registration = registrations[index];
        if (!registration || running.aborted) return;
        const target = targetOf(registration.apiUrl);
        address ??= 'base' in target ? new AddressDiagnosis(target, world, running) : undefined;
        onResult(index, await diagnose(registration, address, world));
      }
    },
  });
}

/** Goes up the ladder for one registration. Never throws. */
async function diagnose(
  registration: Registration,
  address: AddressDiagnosis | undefined,
  world: Surroundings,
): Promise<Diagnosis> {
  const ladder = new Ladder(registration.apiUrl, world.now());
  const target = targetOf(registration.apiUrl);
  if (!('base' in target) || !address) {
    if (!('base' in target)) ladder.fail('url', target);
    return ladder.result();
  }
  const shown = plain(target.base);
  const doubt = urlWarning(registration.apiUrl);
  if (doubt) ladder.warn('url', doubt, undefined, [shown]);
  else ladder.pass('url', [shown]);

  const resolution = await address.resolved();
  const forbidden = await address.forbidden();
  if (forbidden) return ladder.fail('name', forbidden, resolution.milliseconds).result();
  const verdicts = await address.verdictsFor(registration.caCert, registration.gitlabVersion);
  if (!nameStep(ladder, target, resolution, verdicts.gitlab)) return ladder.result();
  if (!wayStep(ladder, target, verdicts.gitlab)) return ladder.result();
  tlsSteps(ladder, target, registration, verdicts);
  if (!address.http) {
    httpMissing(ladder, target, address);
    return ladder.result();
  }
  const version = httpStep(ladder, address.http);
  if (version) versionStep(ladder, version, registration.gitlabVersion);
  if (registration.token !== undefined) {
    const step = await tokenStep(address, registration, registration.token, verdicts, world);
    ladder.add(step.step, step.problem);
  }
  return ladder.result(version);
}

/** What may go wrong with an API URL that GitLab may accept. Plain http is told where TLS would be. */
function urlWarning(apiUrl: string): Problem | undefined {
  const local = localRemedy(apiUrl);
  if (local !== undefined)
    return {
      title: l10n.t('Local address'),
      sentence: local,
      next: l10n.t('Ask an administrator of GitLab whether it allows requests to the local network.'),
    };
  const url = new URL(apiUrl.trim());
  if (url.username === '' && url.password === '') return undefined;
  return {
    title: l10n.t('Credentials in the API URL'),
    sentence: l10n.t('User name and password in the API URL are shown to everyone who may see the cluster.'),
    next: l10n.t('Remove them from the API URL; GitLab signs in with the service token.'),
  };
}

/** Steps as they come. */
class Ladder {
  private readonly apiUrl: string;
  private readonly at: Date;
  private readonly steps = new Map<StepName, Step>();
  private failure: Problem | undefined;
  private warning: Problem | undefined;

  constructor(apiUrl: string, at: Date) {
    this.apiUrl = apiUrl;
    this.at = at;
  }

  pass(name: StepName, lines: readonly string[], more: { milliseconds?: number | undefined } = {}): void {
    this.add({ name, outcome: 'passed', milliseconds: more.milliseconds, lines }, undefined);
  }

  fail(name: StepName, problem: Problem, milliseconds?: number, evidence: readonly string[] = []): this {
    this.add({ name, outcome: 'failed', milliseconds, lines: [...linesOf(problem), ...evidence] }, problem);
    return this;
  }

  warn(name: StepName, problem: Problem, milliseconds?: number, evidence: readonly string[] = []): void {
    this.add({ name, outcome: 'warning', milliseconds, lines: [...linesOf(problem), ...evidence] }, problem);
  }

  add(step: Step, problem: Problem | undefined): void {
    this.steps.set(step.name, step);
    if (step.outcome === 'failed') this.failure ??= problem;
    if (step.outcome === 'warning') this.warning ??= problem;
  }

  result(version?: ApiVersion): Diagnosis {
    const steps = stepNames.map(
      (name) => this.steps.get(name) ?? { name, outcome: 'notAsked' as const, milliseconds: undefined, lines: [] },
    );
    const outcome = this.failure ? 'failed' : steps.some((step) => step.outcome === 'warning') ? 'warning' : 'passed';
    return { apiUrl: plain(this.apiUrl), at: this.at, steps, outcome, problem: this.failure ?? this.warning, version };
  }
}

/** False where the name leads nowhere, a proxy's included. */
function nameStep(ladder: Ladder, target: Target, resolution: Resolution, { asked }: Verdict): boolean {
  const { milliseconds, code, addresses } = resolution;
  if (code === undefined) {
    const marks = [...new Set([target.hostname, ...addresses].map(markOf))].filter((mark) => mark !== '');
    const words = addressWords(target, resolution);
    const note =
      marks.length > 0
        ? [l10n.t('Seen from this computer: {0}. GitLab may refuse or not reach such an address.', marks.join(', '))]
        : [];
    ladder.pass('name', [words, ...note], { milliseconds });
    return true;
  }
  if (asked.proxy !== undefined && asked.failure?.stage !== 'name') {
    ladder.pass('name', [l10n.t('{0} is not known here ({1}); the proxy looks it up.', target.hostname, code)], {
      milliseconds,
    });
    return true;
  }
  const failure = { stage: 'name', code, message: '' } as const;
  ladder.fail('name', networkProblem(failure, target, [], undefined), milliseconds);
  return false;
}

/** False where there was no connection. */
function wayStep(ladder: Ladder, target: Target, { asked, problem }: Verdict): boolean {
  const way = asked.proxy === undefined ? l10n.t('Direct, no proxy') : l10n.t('Through the proxy {0}', asked.proxy);
  const { failure } = asked;
  const none = failure && (failure.stage === 'connect' || failure.stage === 'proxy' || failure.stage === 'name');
  if (none && problem) {
    ladder.fail('way', problem, Math.round(asked.endedAt), [way]);
    return false;
  }
  const connected = asked.connectedAt === undefined ? undefined : Math.round(asked.connectedAt);
  ladder.pass('way', [way, l10n.t('Connected to {0}', `${target.hostname}:${target.port}`)], {
    milliseconds: connected,
  });
  return true;
}

function tlsSteps(ladder: Ladder, target: Target, { caCert }: Registration, { gitlab, kubectl }: Verdicts): void {
  if (!target.secure) {
    ladder.warn('gitlabTls', {
      title: l10n.t('No encryption'),
      sentence: l10n.t('The API URL begins with http: GitLab sends the service token unencrypted.'),
      next: l10n.t('Change the API URL to https://.'),
    });
    return;
  }
  const stored = certificatesOf(caCert ?? '');
  const expected =
    stored.length > 0
      ? stored.map((ca) =>
          l10n.t('Stored CA: {0}, SHA-256 {1}', plain(ca.subject.split('\n').reverse().join(', ')), ca.fingerprint256),
        )
      : [l10n.t('No CA stored: checked against this computer’s CAs. GitLab’s server may have others.')];
  tlsStep(ladder, 'gitlabTls', gitlab, [...chainLines(gitlab), ...expected]);
  if (kubectl) tlsStep(ladder, 'kubectlTls', kubectl, []);
}

function tlsStep(
  ladder: Ladder,
  name: 'gitlabTls' | 'kubectlTls',
  verdict: Verdict,
  evidence: readonly string[],
): void {
  const { asked, problem, warning, presented } = verdict;
  const milliseconds = Math.round((asked.securedAt ?? asked.endedAt) - (asked.connectedAt ?? 0));
  if (problem) ladder.fail(name, problem, milliseconds, evidence);
  else if (warning) ladder.warn(name, warning, milliseconds, evidence);
  else
    ladder.pass(name, [l10n.t('{0}, certificate accepted', presented?.protocol ?? 'TLS'), ...evidence], {
      milliseconds,
    });
}

/** What was presented, from the server's own certificate upwards. */
function chainLines({ presented }: Verdict): readonly string[] {
  if (!presented) return [];
  const { names, certificates, protocol } = presented;
  const shown = names.slice(0, 12).map(plain).join(', ');
  return [
    l10n.t('Presented ({0}):', protocol),
    ...certificates.map(({ subject, issuer, validFrom, validTo, sha256 }, index) =>
      l10n.t(
        '{0}. {1}, issued by {2}, valid {3}, SHA-256 {4}',
        index + 1,
        plain(subject),
        plain(issuer),
        `${day(validFrom)} – ${day(validTo)}`,
        sha256,
      ),
    ),
    l10n.t('Names: {0}', shown === '' ? l10n.t('none') : shown),
  ];
}

/** Nothing came over HTTP: either no verified connection was there to ask over, or it stayed silent. */
function httpMissing(ladder: Ladder, target: Target, { silent }: AddressDiagnosis): void {
  if (silent?.failure) ladder.fail('http', networkProblem(silent.failure, target, [], silent.proxy));
}

function httpStep(ladder: Ladder, { answered, status, health, milliseconds }: HttpResult): ApiVersion | undefined {
  if (answered.who === 'stranger') {
    ladder.fail('http', answered.problem, milliseconds, [l10n.t('GET /version: {0}', status)]);
    return undefined;
  }
  if (answered.anonymous === 'refused') {
    ladder.pass(
      'http',
      [
        l10n.t(
          'A Kubernetes API answered {0} (“{1}”): it is there, and refuses requests without a token, as it should.',
          answered.status,
          answered.message,
        ),
      ],
      { milliseconds },
    );
    return undefined;
  }
  if (answered.anonymous === 'failed') {
    ladder.warn(
      'http',
      {
        title: l10n.t('Kubernetes API in trouble'),
        sentence: l10n.t('A Kubernetes API answered {0} (“{1}”).', answered.status, answered.message),
        next: l10n.t('Check the control plane of the cluster.'),
      },
      milliseconds,
    );
    return undefined;
  }
  if (health && health.status >= 500) {
    const failing = [...health.body.matchAll(/^\[-\]([\w/.-]+)/gm)].map(([, name = '']) => plain(name)).slice(0, 10);
    ladder.warn(
      'http',
      {
        title: l10n.t('Kubernetes API not healthy'),
        sentence:
          failing.length > 0
            ? l10n.t('“/livez” answered {0}; failing: {1}.', health.status, failing.join(', '))
            : l10n.t('“/livez” answered {0}.', health.status),
        next: l10n.t('Check the control plane of the cluster.'),
      },
      milliseconds,
    );
  } else
    ladder.pass('http', [l10n.t('A Kubernetes API answers without a login (GET /version: {0}).', status)], {
      milliseconds,
    });
  return answered.version;
}

function versionStep(ladder: Ladder, version: ApiVersion, gitlabVersion: string | undefined): void {
  const distribution = distributionOf(version);
  const shown = distribution === undefined ? version.gitVersion : `${version.gitVersion} (${distribution})`;
  const problem = versionProblem(version, gitlabVersion);
  if (problem === undefined) {
    const unknown =
      gitlabVersion === undefined
        ? [l10n.t('Whether GitLab supports it is unknown: its version is not known here.')]
        : [];
    ladder.pass('version', [shown, ...unknown]);
  } else
    ladder.warn(
      'version',
      {
        title: l10n.t('Kubernetes version not supported'),
        sentence: problem,
        next: l10n.t('Upgrade the cluster, or check what GitLab’s documentation says about this version.'),
      },
      undefined,
      [shown],
    );
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
