import * as l10n from '@vscode/l10n';
import { plain } from '../model/plainText';
import type { Failure } from './ask';
import type { Problem } from './ladder';
import type { Target } from './target';

/** Other ports of the same host that accept connections: where an API server often listens. */
export type OpenPorts = readonly number[];

/** Why there was no connection, or no answer over it (Kubernetes facts 7.1). Codes by their beginnings, never by texts. */
export function networkProblem(
  { stage, code, message, status }: Failure,
  target: Target,
  ports: OpenPorts,
  proxy: string | undefined,
): Problem {
  const { hostname, port } = target;
  if (stage === 'proxy')
    return {
      title: l10n.t('Stopped by the proxy'),
      sentence:
        status === undefined
          ? l10n.t('The proxy {0} cannot be reached ({1}).', proxy ?? '', code)
          : l10n.t(
              'The proxy {0} answered {1} instead of connecting to {2}.',
              proxy ?? '',
              status,
              `${hostname}:${port}`,
            ),
      next: l10n.t(
        'Check the editor’s proxy settings, or list the host in “http.noProxy”. GitLab’s server may use another way.',
      ),
    };
  if (stage === 'name')
    return {
      title: l10n.t('Name unknown'),
      sentence:
        code === 'EAI_AGAIN'
          ? l10n.t('No name server answered for {0} ({1}).', hostname, code)
          : l10n.t(
              '{0} has no address here ({1}): it is mistyped, or known only inside a company network or VPN.',
              hostname,
              code,
            ),
      next: l10n.t('Check the spelling; GitLab’s server must be able to resolve the name.'),
    };
  if (stage === 'http')
    return {
      title: l10n.t('No HTTP answer'),
      sentence: l10n.t('The connection to {0} was set up, but no answer came ({1}).', `${hostname}:${port}`, code),
      next: l10n.t('Check the load balancer or proxy in front of the API server.'),
    };
  if (stage === 'tls') return brokenHandshake(code, message, `${hostname}:${port}`);
  return { ...unreachable(code, target), ...(ports.length > 0 && { next: otherPort(ports) }) };
}

function unreachable(code: string, { hostname, port }: Target): Problem {
  const where = `${hostname}:${port}`;
  switch (code) {
    case 'ECONNREFUSED':
      return {
        title: l10n.t('Connection refused'),
        sentence: l10n.t('The host answers, but nothing listens at {0}.', where),
        next: l10n.t('Check the port: API servers listen on 6443, 443, 8443 or 16443, most often.'),
      };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return {
        title: l10n.t('No route'),
        sentence: l10n.t(
          'There is no route from this computer to {0} ({1}). A private address is reached only inside its network.',
          where,
          code,
        ),
        next: l10n.t('Connect to the VPN and try again; GitLab’s server may have a route.'),
      };
    case 'ETIMEDOUT':
      return {
        title: l10n.t('Timed out'),
        sentence: l10n.t(
          '{0} does not answer at all: a firewall, security group or authorised network drops the connection, or the VPN is off.',
          where,
        ),
        next: l10n.t('Check whether this computer and GitLab’s server are allowed to connect to the API server.'),
      };
    default:
      return {
        title: l10n.t('Not reachable'),
        sentence: l10n.t('{0} cannot be reached ({1}).', where, plain(code)),
        next: l10n.t('Check the address, the network and the VPN.'),
      };
  }
}

function otherPort(ports: OpenPorts): string {
  return l10n.t('Try the port {0}: something listens there.', ports.join(', '));
}

/** TCP was there and TLS was not, without any certificate. An end and a reset have one code and two messages. */
function brokenHandshake(code: string, message: string, where: string): Problem {
  if (code === 'ECONNRESET' && /\bECONNRESET\b/.test(message))
    return {
      title: l10n.t('Reset during the handshake'),
      sentence: l10n.t(
        '{0} accepts and then resets the connection when TLS begins: a firewall or proxy in between does not let it pass, or the server crashed.',
        where,
      ),
      next: l10n.t('Ask the network’s administrator whether TLS to this address is blocked.'),
    };
  return code === 'ETIMEDOUT'
    ? {
        title: l10n.t('Silent after connecting'),
        sentence: l10n.t(
          '{0} accepts connections and then says nothing: a load balancer without an API server behind it.',
          where,
        ),
        next: l10n.t('Check the targets of the load balancer.'),
      }
    : {
        title: l10n.t('Closed during the handshake'),
        sentence: l10n.t(
          '{0} closes the connection during the TLS handshake ({1}): a load balancer without a healthy target, a firewall, or a name it does not serve.',
          where,
          plain(code),
        ),
        next: l10n.t('Check the load balancer or firewall in front of the API server.'),
      };
}
