import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { Options } from '../api/site.ts';

export const getOptions = async (tx: Sql): Promise<Options> => {
  const { rows } = await sql`
    select enable_xml_api as "enableXmlApi", allow_ecm_connections as "allowEcmConnections", company,
      session_idle_seconds as "sessionIdleSeconds" from site_options`.execute(tx);
  return Options.parse(rows[0]);
};

export const saveOptions = async (tx: Sql, options: Options): Promise<void> => {
  const { enableXmlApi, allowEcmConnections, company, sessionIdleSeconds } = options;
  await sql`update site_options set enable_xml_api = ${enableXmlApi}, allow_ecm_connections = ${allowEcmConnections},
    company = ${company}, session_idle_seconds = ${sessionIdleSeconds}`.execute(tx);
};
