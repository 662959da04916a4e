import { recordKinds } from '@gatehouse/connector-kit';
import type { StreamCatalogue } from '../../privilege/catalogue.ts';
import { privilege } from '../needs.ts';
import { rules } from '../registry.ts';

/** The streams that rules need, as if every connector had them. That connectors do have them is tested against the registry. */
const names = [...new Set([...rules.flatMap((rule) => rule.needs), ...privilege])];

export const testCatalogue: StreamCatalogue = new Map(
  ['okta', 'github', 'insights-collector', 'password-safe'].map((connector) => [
    connector,
    [...names.filter((name) => name.startsWith(`${connector}.`)).map((name) => name.slice(connector.length + 1))].map(
      (stream) => ({
        stream,
        record: recordKinds.find((kind) => kind === stream) ?? ('resources' as const),
        title: stream,
        needs: `the permission for ${stream}`,
      }),
    ),
  ]),
);

export const streamsOf = (connector: string): readonly string[] =>
  (testCatalogue.get(connector) ?? []).map(({ stream }) => stream);
