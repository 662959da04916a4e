import { type AnyConnector, type Connector, parseSettings } from '@gatehouse/connector-kit';
import type { Source } from '@gatehouse/connector-kit/ingest';
import type { Host } from '@gatehouse/host';
import type { z } from 'zod';

/** A connector that a collector runs, and what only the collector asks of it. */
export interface Plugin {
  readonly kind: Source['kind'];
  readonly connector: AnyConnector;
  /** Which system these settings lead to, so that no two collectors read it at once. Throws a Fault. */
  identify(settings: unknown, host: Host): Promise<Named>;
}

type Named = Pick<Source, 'id' | 'name'>;

export const definePlugin = <Config extends z.ZodType, Client>(
  kind: Source['kind'],
  connector: Connector<Config, Client>,
  identify: (client: Client, settings: z.output<Config>) => Promise<Named>,
): Plugin => ({
  ...{ kind, connector },
  async identify(settings, host) {
    const parsed = parseSettings(connector.config, settings);
    const client = connector.connect(parsed, host);
    try {
      return await identify(client, parsed);
    } finally {
      // What it leaves open ends by itself; whose system it is, is known.
      await connector.disconnect?.(client).catch(() => undefined);
    }
  },
});
