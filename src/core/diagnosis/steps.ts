import * as l10n from '@vscode/l10n';
import { localRemedy } from '../model/apiUrl';
import { plain } from '../model/plainText';
import type { AddressDiagnosis } from './addressDiagnosis';
import { certificatesOf } from './chainCause';
import { networkProblem } from './explainFailure';
import type { HttpResult } from './httpResult';
import type { Problem, Registration } from './ladder';
import type { Resolution } from './resolution';
import type { StepLadder } from './stepLadder';
import { markOf } from './target';
import type { Target } from './target';
import { distributionOf, versionProblem } from './versions';
import type { Verdict, Verdicts } from './verdict';
import type { ApiVersion } from './versions';

/** What may go wrong with an API URL that GitLab may accept. Plain http is told where TLS would be. */
export function urlWarning(apiUrl: string): Problem | undefined {
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

/** False where the name leads nowhere, a proxy's included. */
export function nameStep(ladder: StepLadder, target: Target, resolution: Resolution, { asked }: Verdict): boolean {
  const { milliseconds, code, addresses } = resolution;
  if (code === undefined) {
    const marks = [...new Set([target.hostname, ...addresses].map(markOf))].filter((mark) => mark !== '');
    const words = `${plain(target.hostname)} → ${addresses.join(', ')}`;
    ladder.local = marks.length > 0 ? marks.join(', ') : undefined;
    const note =
      ladder.local === undefined
        ? []
        : [l10n.t('Seen from this computer: {0}. GitLab may refuse or not reach such an address.', ladder.local)];
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
export function wayStep(ladder: StepLadder, target: Target, { asked, problem }: Verdict): boolean {
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

export function tlsSteps(
  ladder: StepLadder,
  target: Target,
  { caCert }: Registration,
  { gitlab, kubectl }: Verdicts,
): void {
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
  ladder.offered = gitlab.offered;
  tlsStep(ladder, 'gitlabTls', gitlab, [...chainLines(gitlab), ...expected]);
  if (kubectl) tlsStep(ladder, 'kubectlTls', kubectl, []);
}

function tlsStep(
  ladder: StepLadder,
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
        'Certificate {0}: {1}, issued by {2}, valid {3}, SHA-256 {4}',
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
export function httpMissing(ladder: StepLadder, target: Target, { silent }: AddressDiagnosis): void {
  if (silent?.failure) ladder.fail('http', networkProblem(silent.failure, target, [], silent.proxy));
}

export function httpStep(
  ladder: StepLadder,
  { answered, status, health, milliseconds }: HttpResult,
): ApiVersion | undefined {
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

export function versionStep(ladder: StepLadder, version: ApiVersion, gitlabVersion: string | undefined): void {
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
