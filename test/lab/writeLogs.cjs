// Loaded into the VS Code server, and by it into its extension hosts, before their own code. The editor from npm lacks the
// native module that writes log files, and keeps what is logged in memory instead. This writes them, so that tests can
// search what a user's log would hold.
const { openSync, writeSync } = require('node:fs');
const Module = require('node:module');

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];

class Logger {
  constructor(_type, _name, file) {
    this.file = file;
    this.level = 0;
  }
  write(level, message) {
    if (level < this.level) return;
    // Kept open, as the module that is missing does: opening it for each line would count as the extension's computing.
    this.handle ??= openSync(this.file, 'a');
    writeSync(this.handle, `[${levels[level]}] ${message}\n`);
  }
  setLevel(level) {
    this.level = level;
  }
  clearFormatters() {}
  setPattern() {}
  flush() {}
  drop() {}
}
for (const [level, name] of levels.entries()) {
  Logger.prototype[name] = function (message) {
    this.write(level, message);
  };
}

const { _load } = Module;
Module._load = function (request, parent) {
  if (request === 'bindings' && /[\\/]@vscode[\\/]spdlog[\\/]/.test(parent?.filename ?? ''))
    return () => ({ version: 0, setLevel() {}, setFlushOn() {}, Logger });
  return _load.apply(this, arguments);
};
