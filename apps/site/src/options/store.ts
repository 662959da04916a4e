import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { Options } from '../api/site.ts';

const columns = {
  ...{ enableXmlApi: 'enable_xml_api', allowEcmConnections: 'allow_ecm_connections', company: 'company' },
  ...{ sessionIdleSeconds: 'session_idle_seconds', xmlNamespace: 'xml_namespace' },
  ...{ sessionKeySeconds: 'session_key_seconds', sessionKeyMostSeconds: 'session_key_most_seconds' },
  ...{ sessionKeyMailSubject: 'session_key_mail_subject', sessionKeyMailBody: 'session_key_mail_body' },
  ...{ portalGeneralQueue: 'portal_general_queue', portalAgreement: 'portal_agreement' },
  ...{ fileMostBytes: 'file_most_bytes', fileRefusedTypes: 'file_refused_types', recordScreens: 'record_screens' },
  ...{ portalName: 'portal_name', fileAllowedTypes: 'file_allowed_types', customersSendFiles: 'customers_send_files' },
  ...{ representativesSendFiles: 'representatives_send_files', customersShareScreens: 'customers_share_screens' },
} as const satisfies Record<keyof Options, string>;

export const getOptions = async (tx: Sql): Promise<Options> => {
  const all = Object.entries(columns).map(([name, column]) => sql`${sql.ref(column)} as ${sql.ref(name)}`);
  const { rows } = await sql`select ${sql.join(all)} from site_options`.execute(tx);
  return Options.parse(rows[0]);
};

export const saveOptions = async (tx: Sql, options: Options): Promise<void> => {
  const all = Object.entries(columns).map(
    ([name, column]) => sql`${sql.ref(column)} = ${options[name as keyof Options]}`, // the keys of columns
  );
  await sql`update site_options set ${sql.join(all)}`.execute(tx);
};

/** 32 hexadecimal digits that never change. */
export const getApplianceId = async (tx: Sql): Promise<string> => {
  const { rows } = await sql<{ id: string }>`select appliance_id as id from site_options`.execute(tx);
  return rows[0]?.id ?? '';
};
