import assert from 'node:assert/strict';
import { fieldOf } from '../../../../src/core/gitlab/clusterWrites';
import { NumberReader, NumberWriter } from '../../../../src/core/inventory/numberStream';
import { readCluster, writeCluster } from '../../../../src/core/inventory/rememberedCluster';
import { stateOf } from '../../../../src/core/journal/clusterState';
import { attributeNames, isReadOnly } from '../../../../src/core/model/attributes';
import type { Attribute } from '../../../../src/core/model/attributes';
import { attributeUses } from '../../../../src/core/model/attributeUses';
import {
  clusterOfDraft,
  draftOf,
  isDraftChanged,
  toAddFields,
  toEditFields,
} from '../../../../src/core/model/clusterDraft';
import type { ClusterDraft } from '../../../../src/core/model/clusterDraft';
import { differences, stored } from '../../../../src/core/model/differences';
import { changedMeanwhile, merged } from '../../../../src/features/form/meanwhile';
import { addParameters, editParameters } from '../../../gitlab/clusters/params';
import type { AddName, EditName } from '../../../gitlab/clusters/params';
import type { ReadName } from '../../../gitlab/entities';
import type { NestedParameter, Parameter } from '../../../gitlab/params';
import { profileOf } from '../../../gitlab/profiles';
import { clusterWith, expiredPem } from '../../features/form/drafts';

/** Another value for each attribute of `clusterWith()`. */
const others: Readonly<Record<Attribute, Partial<ClusterDraft>>> = {
  name: { name: 'other' },
  enabled: { enabled: false },
  apiUrl: { apiUrl: 'https://other.example.com' },
  serviceToken: { serviceToken: 'other' },
  caCert: { caCert: expiredPem },
  authorizationType: { authorizationType: 'abac' },
  environmentScope: { environmentScope: 'other/*' },
  baseDomain: { baseDomain: 'other.example.com' },
  managed: { managed: false },
  namespacePerEnvironment: { namespacePerEnvironment: true },
  namespace: { namespace: 'other' },
  managementProjectId: { managementProject: { id: 30, path: 'platform/other' } },
};

/** GitLab as tests serve it, which takes nothing from the source: what it does not know here does not compile. */
const served: Readonly<
  Record<
    Attribute,
    {
      readonly wire: {
        readonly read: ReadName | undefined;
        readonly add: AddName;
        readonly edit: EditName | undefined;
      };
    }
  >
> = attributeUses;

for (const attribute of attributeNames) {
  describe(`The attribute ${attribute}`, () => {
    const cluster = clusterWith();
    const before = draftOf(cluster);
    const changed = { ...before, ...others[attribute] };
    const editable = !isReadOnly(attribute, { mode: 'edit', provider: 'user' });

    it('is missed when a form is closed', () => {
      assert.equal(isDraftChanged(changed, before), true);
    });

    it('is sent with what is added', () => {
      const sent = toAddFields(changed)[attribute];
      assert.ok(sent !== undefined);
      assert.notDeepEqual(sent, toAddFields(before)[attribute]);
    });

    it(editable ? 'is sent when it was edited' : 'is never sent with an edit', () => {
      const sent = toEditFields(changed, cluster);
      assert.equal(sent[attribute] !== undefined, editable);
      assert.equal(attributeUses[attribute].wire.edit !== undefined, editable);
    });

    it('is not overwritten where somebody else changed it meanwhile', () => {
      assert.deepEqual(
        changedMeanwhile(before, changed, before).map(({ field }) => field),
        [attribute],
      );
      assert.deepEqual(merged(before, changed, before), changed);
      assert.deepEqual(merged(before, before, changed), changed);
    });

    it('is compared with GitLab’s answer, if GitLab ever returns it', () => {
      const ignored = differences(toAddFields(changed), cluster).map(({ field }) => field);
      assert.deepEqual(ignored, attributeUses[attribute].wire.read === undefined ? [] : [attribute]);
    });

    it('comes back with what is remembered of a host', () => {
      const { host, owner, id, provider } = cluster;
      const { name, managementProject: project } = changed;
      const managementProject = project?.id === undefined ? undefined : { ...project, id: project.id, name: '' };
      const other = clusterOfDraft(changed, { host, owner, id, name, provider, managementProject });
      const out = new NumberWriter();
      writeCluster(other, out);
      const recalled = readCluster(host, owner, new NumberReader(out.texts, out.numbers));
      assert.deepEqual(stored[attribute](recalled), stored[attribute](other));
      const isTold = attributeUses[attribute].wire.read !== undefined;
      assert.equal(isTold, JSON.stringify(stored[attribute](other)) !== JSON.stringify(stored[attribute](cluster)));
    });

    it('is in the history with its value, if it is no secret', () => {
      const noted = JSON.stringify(stateOf(changed)) !== JSON.stringify(stateOf(before));
      assert.equal(noted, attributeUses[attribute].wire.read !== undefined);
    });

    it('is declared where GitLab is served for tests', () => {
      const names = (all: readonly (Parameter | NestedParameter)[]): readonly string[] =>
        all.flatMap((one) =>
          one.type === 'object' ? one.parameters.map(({ name }) => `${one.name}.${name}`) : [one.name],
        );
      const { add, edit } = served[attribute].wire;
      assert.ok(names(addParameters(profileOf())).includes(add));
      assert.equal(edit !== undefined && names(editParameters(profileOf())).includes(edit), editable);
    });

    it('is found by the name in GitLab’s complaints', () => {
      assert.equal(fieldOf(attributeUses[attribute].wire.add.replace('_attributes', '')), attribute);
    });
  });
}
