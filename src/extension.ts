import type { ExtensionContext } from 'vscode';

/** Called by VS Code when a contributed view or command is first used. */
export function activate(_context: ExtensionContext): void {}
