import type { Migration } from '@gatehouse/database';
import { mailMigration } from '@gatehouse/mail';

export const migrations: readonly Migration[] = [mailMigration('0160-mail')];
