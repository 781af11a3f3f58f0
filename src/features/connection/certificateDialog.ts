import * as l10n from '@vscode/l10n';
import { explain } from '../../core/gitlab/explain';
import type { Host } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import type { OpenAgent } from '../../core/net/agents';
import { certificateLines, chainText } from '../../core/net/chainText';
import { explainTls } from '../../core/gitlab/explainConnection';
import { lookAt } from '../../core/net/hostLook';
import type { HostTrust } from '../../core/accounts/hostTrust';
import { decoded, readTrust } from '../../core/net/ownCa';
import type { Trust } from '../../core/net/ownCa';
import { topmost } from '../../core/model/presentedChain';
import type { PresentedCertificate, PresentedChain } from '../../core/model/presentedChain';
import { failureOf } from '../../core/net/probeFailure';
import type { Dialogs } from '../../editor/dialogs';
import { probe } from '../../core/net/tlsProbe';
import { lacksTrust } from '../../core/net/tlsReason';
import { chooseCaFile } from './chooseCaFile';

type NamedHost = Pick<Host, 'url' | 'name'>;

/** Shows what a host presents while the secure connection is set up, and takes the user's word for its CA. */
export class CertificateDialog {
  private readonly openAgent: OpenAgent;
  private readonly trust: HostTrust;
  private readonly dialogs: Dialogs;

  constructor(openAgent: OpenAgent, trust: HostTrust, dialogs: Dialogs) {
    this.openAgent = openAgent;
    this.trust = trust;
    this.dialogs = dialogs;
  }

  /** Looks at a host, shows its chain, and offers to trust it where only that is missing. True once it is trusted. */
  async show(host: NamedHost): Promise<boolean> {
    const trust = await readTrust(this.trust.of(host.url));
    const title = l10n.t('Looking at the certificate of {0}…', host.name);
    const { probe: seen, trustedBy } = await this.dialogs.progress({ title, where: 'notification' }, () =>
      lookAt(host.url, trust, { openAgent: this.openAgent }),
    );
    if (seen.outcome !== 'secure' || !seen.presented) {
      const failure = failureOf(seen, trust);
      const words = failure
        ? explain(failure).sentence
        : l10n.t('{0} uses http, so there is no secure connection and no certificate.', host.name);
      const again = l10n.t('Try Again');
      return (await this.dialogs.notify('warning', words, again)) === again && this.show(host);
    }
    const { presented, reason } = seen;
    if (lacksTrust(reason)) return this.offer(host, presented, trust);
    await this.open(host, presented, reason ? explainTls({ reason, presented }).sentence : trustedWords(trustedBy));
    return reason === undefined;
  }

  private async offer(host: NamedHost, presented: PresentedChain, trust: Trust): Promise<boolean> {
    const now = new Date();
    const candidate = topmost(presented);
    const before = decoded(trust);
    const { pinned: changed } = trust;
    const trustedSoFar = changed ? l10n.t('Trusted until now:') : l10n.t('In the CA file:');
    const accept = l10n.t('Trust This CA for This Host');
    const copy = l10n.t('Open as Text');
    const message = changed
      ? l10n.t('The certificate chain of {0} changed since you trusted it', host.name)
      : l10n.t('Trust the CA of {0}?', host.name);
    const oldOnes = before.map((certificate) => certificateLines(certificate, now).join('\n   ')).join('\n\n   ');
    const parts = [
      ...(before.length > 0 ? [`${trustedSoFar}\n   ${oldOnes}`, l10n.t('Now presented:')] : []),
      chainText(presented, now),
      meaning(candidate),
    ];
    // The first is what Enter does, perhaps still meant for the box before.
    const answer = await this.dialogs.confirm(message, parts.join('\n\n'), copy, accept);
    if (answer === copy) await this.open(host, presented, parts.slice(0, before.length > 0 ? 1 : 0).join('\n\n'));
    return answer === accept && this.accept(host, candidate);
  }

  private async accept(host: NamedHost, { pem, issuer, subject }: PresentedCertificate): Promise<boolean> {
    const seen = await probe(host.url, { openAgent: this.openAgent, certificates: [pem] });
    if (seen.outcome === 'secure' && lacksTrust(seen.reason)) {
      const message = l10n.t(
        'Trusting “{0}” is not enough here: the editor wants “{1}”, which the host does not send. Ask for its PEM file, then choose it.',
        plain(subject),
        plain(issuer),
      );
      const choose = l10n.t('Choose File…');
      if ((await this.dialogs.notify('error', message, choose)) !== choose) return false;
      const change = await chooseCaFile(l10n.t('CA Certificate of {0}', host.name), this.dialogs);
      if (change) await this.trust.set(host.url, change);
      return change !== undefined;
    }
    await this.trust.set(host.url, { ca: pem });
    return true;
  }

  private async open(host: NamedHost, presented: PresentedChain, words: string): Promise<void> {
    const heading = l10n.t('Certificates presented by {0} ({1})', host.url, presented.protocol);
    const text = [heading, words, chainText(presented, new Date())].filter((part) => part !== '').join('\n\n');
    await this.dialogs.showText(l10n.t('Certificates of {0}', host.name), `${text}\n`);
  }
}

/** What trusting the uppermost certificate would mean, so that nobody needs to know. */
function meaning({ subject, issuer, selfSigned }: PresentedCertificate): string {
  const compare = l10n.t(
    'Compare the SHA-256 fingerprint of the last certificate with the one you got from a trusted source. It will be trusted for this host only and stored in the setting gitlabClusters.hosts.',
  );
  return selfSigned
    ? compare
    : `${compare} ${l10n.t('The host does not send “{0}”, which issued it, so “{1}” itself is trusted; when that is renewed, you are asked again.', plain(issuer), plain(subject))}`;
}

function trustedWords(trustedBy: 'own' | 'editor' | undefined): string {
  return trustedBy === 'own'
    ? l10n.t('Trusted through the CA of this host.')
    : l10n.t('Trusted through a CA this editor knows.');
}
