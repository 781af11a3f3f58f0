// Loaded into the VS Code server before its own code. VS Code in the browser seals its secrets with a key half that it
// asks the server for; without an answer it keeps them only until the page is reloaded. Zeros will do here, and let
// a test read what is stored (see Workbench.readSecrets).
const { Server } = require('node:http');

const { emit } = Server.prototype;
Server.prototype.emit = function (event, request, response) {
  if (event !== 'request' || request.method !== 'POST' || request.url !== '/mint-key')
    return emit.apply(this, arguments);
  response.end(Buffer.alloc(32));
  return true;
};
