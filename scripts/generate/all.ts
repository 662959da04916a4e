import { connectorDocs } from './connector-docs.ts';
import { deskDocs } from './desk-docs.ts';
import { deskRegistry, registry, vaultRegistry } from './registry.ts';
import { ruleRegistry } from './rules.ts';
import { siteCommand } from './site-command.ts';
import { siteConfiguration } from './site-configuration.ts';
import { siteReporting } from './site-reporting.ts';
import { vaultDocs } from './vault-docs.ts';

export interface Output {
  /** From the root of the tree. */
  readonly path: string;
  readonly text: string;
}

/** Everything that is generated, as it would be written now. */
export const outputs = async (): Promise<readonly Output[]> => [
  ...[registry(), vaultRegistry(), deskRegistry(), ruleRegistry(), siteConfiguration(), siteCommand(), siteReporting()],
  ...(await connectorDocs()),
  ...(await vaultDocs()),
  ...(await deskDocs()),
];
