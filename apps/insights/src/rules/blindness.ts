import type { StreamCatalogue } from '../privilege/index.ts';
import { type ConnectionReads, isOffered, isReadable } from '../privilege/index.ts';
import type { Rule } from './rule.ts';

/** Stands for "no connection of this kind" where a connection id is needed. */
export const noConnection = '00000000-0000-0000-0000-000000000000';

export interface Sight {
  /** Connections on which the rule can see. */
  readonly ready: readonly string[];
  readonly blind: readonly { readonly connectionId: string; readonly reason: string }[];
}

/** Where a rule can see, and why it cannot elsewhere. */
export const lookAround = (rule: Rule, connections: readonly ConnectionReads[], catalogue: StreamCatalogue): Sight => {
  const own = connections.filter(
    (connection) => rule.connectors.includes(connection.connector) && isFor(rule, connection, catalogue),
  );
  if (own.length === 0) {
    return { ready: [], blind: [{ connectionId: noConnection, reason: 'No system of this kind is connected.' }] };
  }
  const ready: string[] = [];
  const blind: { connectionId: string; reason: string }[] = [];
  for (const connection of own) {
    const reason = whyBlind(rule, connection, catalogue);
    if (reason === null) ready.push(connection.connectionId);
    else blind.push({ connectionId: connection.connectionId, reason });
  }
  return { ready, blind };
};

/** An agent that reads something else has nothing to say to the rule, which is not for it then. */
const isFor = (rule: Rule, connection: ConnectionReads, catalogue: StreamCatalogue): boolean => {
  const needed = rule.needs.flatMap((need) => {
    const [connector, stream = ''] = need.split('.');
    return connector === connection.connector ? [stream] : [];
  });
  return needed.length === 0 || needed.some((stream) => isOffered(connection, catalogue, stream));
};

const whyBlind = (rule: Rule, connection: ConnectionReads, catalogue: StreamCatalogue): string | null => {
  if (!connection.enabled) return 'The connection is turned off.';
  const reasons: string[] = [];
  for (const need of rule.needs) {
    const [connector, name] = need.split('.');
    if (connector !== connection.connector || name === undefined) continue;
    const read = connection.streams.get(name);
    if (isReadable(read)) continue;
    const stream = catalogue.get(connector)?.find((one) => one.stream === name);
    const title = stream?.title ?? name;
    const grant = stream ? ` It needs ${stream.needs}.` : '';
    reasons.push(
      read?.fault
        ? `“${title}” could not be read.${grant}${read.fault.advice === '' ? '' : ` ${read.fault.advice}`}`
        : `“${title}” has not been read to the end yet.${grant}`,
    );
  }
  return reasons.length === 0 ? null : reasons.slice(0, 3).join(' ').slice(0, 1_000);
};
