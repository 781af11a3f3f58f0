import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { HostTrust } from '../../../../src/core/accounts/hostTrust';
import { Inventory } from '../../../../src/core/inventory/inventory';
import type { Host } from '../../../../src/core/model/host';
import { agentOpener } from '../../../../src/core/net/agents';
import { hostFetches } from '../../../../src/core/net/hostFetch';
import { CertificateDialog } from '../../../../src/features/connection/certificateDialog';
import { connectionCommands } from '../../../../src/features/connection/connectionCommands';
import { demoFleet } from '../../../gitlab/demoFleet';
import { startGitLab } from '../../../gitlab/server';
import type { GitLab } from '../../../gitlab/server';
import { pem, pemPath, presents } from '../../../net/pem';
import type { Presented } from '../../../net/pem';
import { Accounts, host } from '../../core/accounts/accounts';
import { connect } from '../../core/gitlab/connection';
import { ScriptedDialogs } from '../../editor/scriptedDialogs';

describe('The certificate of a host', () => {
  const ends: (() => unknown)[] = [];
  const dialogs = (): ScriptedDialogs => lab.dialogs;
  let lab: Awaited<ReturnType<typeof open>>;

  afterEach(async () => {
    dialogs().assertAllAsked();
    for (const end of ends.splice(0).reverse()) await end();
  });

  const serve = async (tls: Presented, port = 0): Promise<GitLab> => {
    const gitlab = await startGitLab({ world: demoFleet(), tls, port });
    ends.push(() => gitlab.close());
    return gitlab;
  };

  /** The commands for one host, over the real way to it. */
  async function open(gitlab: GitLab, changes: Partial<Host>) {
    const openAgent = agentOpener(() => undefined);
    const fetches = hostFetches({ ownCa: (url) => trust.of(url), openAgent });
    const { accounts } = new Accounts((url, token) => connect({ url }, token, { fetch: fetches.of(url) }));
    const trust = new HostTrust(accounts);
    const listed = host(gitlab.url, { name: 'Private', ...changes });
    await accounts.add(listed, 'demo-admin-token');
    const inventory = new Inventory(accounts);
    const scripted = new ScriptedDialogs();
    const certificate = new CertificateDialog(openAgent, trust, scripted);
    const table = connectionCommands({
      ...{ accounts, inventory, openAgent, trust, issues: undefined, versions: 'GitLab Clusters 0.1.0' },
      pickers: { host: () => Promise.resolve(accounts.find(listed.url)) },
      showCertificate: (one) => certificate.show(one),
      dialogs: scripted,
    });
    ends.push(
      () => accounts.dispose(),
      () => inventory.dispose(),
    );
    return { dialogs: scripted, table, inventory, url: listed.url, trusted: () => trust.of(listed.url) };
  }

  it('that changed its chain is shown, old beside new, and trusted again; no token is sent before', async () => {
    const before = await serve(presents('good', 'issuing'));
    lab = await open(before, { ca: pem('company') });
    await lab.inventory.loadHost(lab.url);
    assert.equal(lab.inventory.hostState(lab.url)?.state, 'loaded');
    await before.close();
    const server = await serve(presents('moved', 'other'), Number(new URL(before.url).port));
    await lab.inventory.loadHost(lab.url);
    assert.equal(lab.inventory.hostState(lab.url)?.state, 'failed');
    dialogs().will(['The certificate chain of Private changed since you trusted it', 'Trust This CA for This Host']);
    const shown = lab.table[commands.showCertificate](undefined);
    assert.deepEqual(server.requests, []);
    await shown;
    assert.match(
      dialogs().find('The certificate chain of Private changed').detail,
      /Trusted until now:\s+Subject: CN=Example Company Root CA[^]*Now presented:[^]*CN=Another Root CA/,
    );
    assert.equal(lab.inventory.hostState(lab.url)?.state, 'loaded');
  });

  it('is not trusted by Enter, which opens it as a text', async () => {
    lab = await open(await serve(presents('good', 'issuing')), {});
    dialogs().will(['Trust the CA of Private?', 'Open as Text']);
    await lab.table[commands.showCertificate](undefined);
    assert.equal(dialogs().find('Trust the CA of Private?').offered[0], 'Open as Text');
    assert.match(dialogs().texts.get('Certificates of Private') ?? '', /CN=Example Company Issuing CA/);
    assert.equal(lab.trusted().ca, undefined);
  });

  it('that is trusted is shown as a text to copy', async () => {
    lab = await open(await serve(presents('good', 'issuing')), { ca: pem('company') });
    await lab.table[commands.showCertificate](undefined);
    assert.match(dialogs().texts.get('Certificates of Private') ?? '', /Trusted through the CA of this host\./);
  });

  it('is trusted by a CA file that is chosen, until that is forgotten', async () => {
    lab = await open(await serve(presents('good', 'issuing')), {});
    dialogs().will(
      ['CA Certificate of Private', pemPath('company')],
      ['CA Certificate of Private', 'Forget the CA file'],
    );
    await lab.table[commands.chooseCaCertificate](undefined);
    assert.equal(lab.trusted().caFile, pemPath('company'));
    assert.equal(lab.inventory.hostState(lab.url)?.state, 'loaded');
    await lab.table[commands.chooseCaCertificate](undefined);
    assert.equal(lab.trusted().caFile, undefined);
    assert.equal(lab.inventory.hostState(lab.url)?.state, 'failed');
  });

  it('is not trusted by a file that holds none, which is said and lets one choose another', async () => {
    lab = await open(await serve(presents('good', 'issuing')), {});
    dialogs().will(
      ['CA Certificate of Private', 'package.json'],
      ['certificate', 'Choose Another File…'],
      ['CA Certificate of Private', pemPath('company')],
    );
    await lab.table[commands.chooseCaCertificate](undefined);
    assert.equal(dialogs().told.length, 1);
    assert.equal(lab.trusted().caFile, pemPath('company'));
  });

  it('and everything on the way is in the report of a test', async () => {
    lab = await open(await serve(presents('good', 'issuing')), { ca: pem('company') });
    await lab.table[commands.testHost](undefined);
    const report = dialogs().texts.get('Connection to Private') ?? '';
    assert.match(report, /Versions: GitLab Clusters 0\.1\.0/);
    assert.match(report, /GitLab 18\.2/);
    assert.doesNotMatch(report, /demo-admin-token/);
  });
});
