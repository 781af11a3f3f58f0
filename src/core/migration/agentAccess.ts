import { at, isList, isMapping, isOn, listAt, parseYaml, textAt } from '../importer/tree';
import type { Tree } from '../importer/tree';

/** One entry of an agent's configuration: who is allowed what (agents and environments 7.1). */
export interface AgentAccess {
  /** Jobs, or people in the dashboard and with kubectl. */
  readonly use: 'jobs' | 'people';
  readonly of: 'project' | 'group' | 'instance';
  /** Full path, as it is written; empty for the instance. GitLab silently drops what it cannot resolve. */
  readonly id: string;
  readonly defaultNamespace: string | undefined;
  readonly environments: readonly string[] | undefined;
  readonly protectedOnly: boolean;
}

/** Longer files are no configuration. */
const MAX_TEXT = 1024 * 1024;

/** What the text of a configuration allows, in its order; undefined where it cannot be read. */
export function readAccess(text: string): readonly AgentAccess[] | undefined {
  if (text.length > MAX_TEXT) return undefined;
  let documents: readonly Tree[];
  try {
    documents = parseYaml(text);
  } catch {
    return undefined;
  }
  const [config] = documents;
  // Nothing but comments, or nothing at all.
  if (config === undefined || config === '') return [];
  if (!isMapping(config) || documents.length > 1) return undefined;
  return [...entriesOf(config, 'ci_access', 'jobs'), ...entriesOf(config, 'user_access', 'people')];
}

function entriesOf(config: Tree, section: string, use: AgentAccess['use']): readonly AgentAccess[] {
  const listed = (of: 'project' | 'group'): readonly AgentAccess[] =>
    listAt(config, section, `${of}s`).flatMap((entry) => {
      const id = textAt(entry, 'id');
      return id === undefined ? [] : [accessOf(entry, use, of, id)];
    });
  const instance = at(config, section, 'instance');
  return [
    ...listed('project'),
    ...listed('group'),
    ...(instance !== undefined && use === 'jobs' ? [accessOf(instance, use, 'instance', '')] : []),
  ];
}

function accessOf(entry: Tree, use: AgentAccess['use'], of: AgentAccess['of'], id: string): AgentAccess {
  const environments = at(entry, 'environments');
  return {
    use,
    of,
    id,
    defaultNamespace: textAt(entry, 'default_namespace'),
    environments:
      environments !== undefined && isList(environments)
        ? environments.flatMap((one) => (typeof one === 'string' ? [one] : []))
        : undefined,
    protectedOnly: isOn(entry, 'protected_branches_only'),
  };
}
