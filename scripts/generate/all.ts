import { connectorDocs } from './connector-docs.ts';
import { registry } from './registry.ts';
import { ruleRegistry } from './rules.ts';
import { siteConfiguration } from './site-configuration.ts';

export interface Output {
  /** From the root of the tree. */
  readonly path: string;
  readonly text: string;
}

/** Everything that is generated, as it would be written now. */
export const outputs = async (): Promise<readonly Output[]> => [
  registry(),
  ruleRegistry(),
  siteConfiguration(),
  ...(await connectorDocs()),
];
