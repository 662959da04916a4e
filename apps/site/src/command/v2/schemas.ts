import { z } from 'zod';
import { Flag, Id, text } from '../../api/shape.ts';
import { Priority } from '../../api/support.ts';

/** Bodies and answers of the Command API in JSON. Where its description for remote support is not public, they are ours. */
export const Message = z.object({ message: z.string() });

const Permission = z.union([z.boolean(), z.enum(['deny', 'read_only', 'full_access'])]);
export const Info = z.object({
  permissions: z.record(z.string(), Permission),
  current_time: z.string(),
  command_api_version: z.string(),
  config_api_version: z.string(),
  reporting_api_version: z.string(),
  backup_api_version: z.string().nullable(),
  product: z.enum(['rs', 'pra']),
});

export const Health = z.object({
  version: z.string(),
  build: z.string(),
  appliance_hostname: z.string(),
  appliance_id: z.string(),
  cluster_role: z.string(),
  failover_role: z.string(),
  enabled_shared_ips: z.array(z.string()),
  last_data_sync: z.string().nullable(),
  last_data_sync_status: z.string().nullable(),
});

export const Appliance = z.object({
  id: z.string(),
  name: z.string(),
  public_hostname: z.string(),
  cluster_role: z.string(),
  failover_role: z.string(),
  accepting_connections: Flag,
  timezone_offset: z.int(),
});

/** The three of privileged remote access, and customers of remote support. */
export const ClientType = z.enum(['access_console', 'asset_client', 'gateway', 'support_customer']);
export type ClientType = z.output<typeof ClientType>;
export const ClientCount = z.object({ type: ClientType, count: z.int() });
export const Client = z.object({
  id: z.string(),
  type: ClientType,
  name: z.string(),
  hostname: z.string(),
  operating_system: z.string(),
  connected_since: z.string(),
});
export const Connection = z.object({ type: z.enum(['connected']), timestamp: z.string(), address: z.string() });

export const Attribute = z.object({ code_name: z.string(), display_name: z.string(), value: z.string() });
export const AttributesInput = z.record(text(64, 1), text(1_024));

export const User = z.object({
  id: Id,
  type: z.enum(['normal', 'invited']),
  username: z.string(),
  display_name: z.string(),
  status: z.enum(['available', 'busy', 'away']),
  logged_in_since: z.string(),
  session_count: z.int(),
});
export const StatusInput = z.strictObject({ code_name: text(64, 1) });

export const SupportTeam = z.object({
  id: Id,
  name: z.string(),
  code_name: z.string(),
  issues: z.array(z.object({ id: Id, code_name: z.string(), description: z.string() })),
  members: z.array(z.object({ id: Id, username: z.string(), display_name: z.string(), role: z.string() })),
});

/** A queue in exactly one of three ways: by type and id, by the name of a representative, or by a support issue. */
export const SessionKeyInput = z.strictObject({
  queue_type: z.enum(['general', 'rep', 'team']).optional(),
  queue_id: Id.optional(),
  rep_username: text(255, 1).optional(),
  issue_code_name: text(64, 1).optional(),
  url_hostname: text(253, 1)
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i, 'This is no name of a host.')
    .optional(),
  ttl: z.int('Enter a whole number.').min(60, 'Enter at least 60.').max(31_536_000).optional(),
  priority: Priority.optional(),
  session_attributes: AttributesInput.optional(),
});
export const SessionKey = z.object({
  expires: z.string(),
  queue_type: z.enum(['general', 'rep', 'team']),
  queue_id: Id.nullable(),
  queue_available: Flag,
  external_key: z.string(),
  short_key: z.string(),
  key_url: z.string(),
  mail_subject: z.string(),
  mail_body: z.string(),
});

export const ChatInput = z.strictObject({
  body: text(10_000, 1),
  user_id: Id.optional(),
  as_customer: Flag.optional(),
});
export const FailoverInput = z.strictObject({
  role: z.enum(['primary', 'backup']),
  data_sync_first: Flag.optional(),
  force: Flag.optional(),
});
