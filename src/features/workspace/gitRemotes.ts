import * as vscode from 'vscode';
import { Emitter } from '../../core/time/event';
import type { Disposable } from '../../core/time/event';
import type { GitRemotes } from '../../core/accounts/workspaceProjects';

/** What we use of the built-in Git extension's API, version 1. */
interface GitApi {
  readonly repositories: readonly GitRepository[];
  readonly onDidOpenRepository: vscode.Event<GitRepository>;
  readonly onDidCloseRepository: vscode.Event<GitRepository>;
}

interface GitRepository {
  readonly state: {
    readonly remotes: readonly { readonly fetchUrl?: string; readonly pushUrl?: string }[];
    readonly onDidChange: vscode.Event<void>;
  };
}

interface GitExtension {
  readonly enabled: boolean;
  readonly onDidChangeEnablement: vscode.Event<boolean>;
  getAPI(version: 1): unknown;
}

const GIT_EXTENSION = 'vscode.git';

/**
 * Remotes of the open folders, through the built-in Git extension. It may be disabled, missing, or (with a remote
 * window) run elsewhere: then there are none.
 */
export class OpenFolderRemotes implements GitRemotes, Disposable {
  private readonly changed = new Emitter<void>();
  private readonly subscriptions: vscode.Disposable[] = [];
  /** Of the repositories open now; made anew when the set of them changes. */
  private repositories: vscode.Disposable[] = [];
  private git: Promise<GitExtension | undefined> | undefined;
  private missed = false;
  private api: GitApi | undefined;
  private seen = '';

  readonly onDidChange = this.changed.event;

  constructor() {
    // In Restricted Mode there is no Git; it comes when the folder is trusted.
    this.subscriptions.push(vscode.extensions.onDidChange(() => this.missed && this.changed.fire()));
  }

  async read(): Promise<readonly string[]> {
    this.git ??= this.start();
    await this.git;
    return this.current();
  }

  private async start(): Promise<GitExtension | undefined> {
    const git = await activeGit();
    this.missed = !git;
    if (!git) {
      this.git = undefined;
      return undefined;
    }
    this.subscriptions.push(git.onDidChangeEnablement(() => this.connect(git)));
    this.connect(git);
    return git;
  }

  private connect(git: GitExtension): void {
    // getAPI throws while Git is disabled by the setting git.enabled.
    const api = git.enabled ? git.getAPI(1) : undefined;
    this.api = isGitApi(api) ? api : undefined;
    if (this.api) {
      this.subscriptions.push(
        this.api.onDidOpenRepository(() => this.follow()),
        this.api.onDidCloseRepository(() => this.follow()),
      );
    }
    this.follow();
  }

  private follow(): void {
    for (const subscription of this.repositories) subscription.dispose();
    this.repositories = (this.api?.repositories ?? []).map(({ state }) =>
      state.onDidChange(() => this.tellIfChanged()),
    );
    this.tellIfChanged();
  }

  /** A repository's state changes with every file saved; remotes hardly ever do. */
  private tellIfChanged(): void {
    const now = this.current().join('\n');
    if (now === this.seen) return;
    this.seen = now;
    this.changed.fire();
  }

  private current(): readonly string[] {
    return (this.api?.repositories ?? []).flatMap(({ state }) =>
      state.remotes.flatMap(({ fetchUrl, pushUrl }) => fetchUrl ?? pushUrl ?? []),
    );
  }

  dispose(): void {
    for (const subscription of [...this.subscriptions, ...this.repositories]) subscription.dispose();
    this.changed.dispose();
  }
}

async function activeGit(): Promise<GitExtension | undefined> {
  try {
    const exports: unknown = await vscode.extensions.getExtension<unknown>(GIT_EXTENSION)?.activate();
    return isGitExtension(exports) ? exports : undefined;
  } catch {
    // It says itself why it cannot start; without it there are no remotes to show.
    return undefined;
  }
}

function isGitExtension(value: unknown): value is GitExtension {
  return (
    isObject(value) &&
    typeof value['enabled'] === 'boolean' &&
    typeof value['onDidChangeEnablement'] === 'function' &&
    typeof value['getAPI'] === 'function'
  );
}

function isGitApi(value: unknown): value is GitApi {
  return (
    isObject(value) &&
    Array.isArray(value['repositories']) &&
    typeof value['onDidOpenRepository'] === 'function' &&
    typeof value['onDidCloseRepository'] === 'function'
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
