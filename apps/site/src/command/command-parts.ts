import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import type { Support } from '../support/index.ts';

export interface CommandParts {
  readonly database: Database;
  readonly clock: Clock;
  /** Of this program. */
  readonly version: string;
  readonly support: Support;
  /** The address that people and programs use. */
  readonly baseUrl: () => string;
}

/** The version of the Command API in XML, and of the Reporting API, whose words are spoken here. */
export const apiVersion = '1.24.1';
