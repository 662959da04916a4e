import { z } from 'zod';
import { Flag, field, Id, type Shape, text } from './shape.ts';

/** What recipients can be told of. */
export const outboundEvents = [
  'support_conference_begin',
  'support_conference_end',
  'support_conference_owner_changed',
  'support_conference_member_added',
  'support_conference_member_departed',
  'support_conference_rep_exit_survey_completed',
  'support_conference_customer_exit_survey_completed',
] as const;

const readOnly = { readOnly: true } as const;
const seconds = (least: number, most: number, otherwise: string) =>
  z.int('Enter a whole number of seconds.').min(least, otherwise).max(most, otherwise);

/** Where events are posted to, and how long that is tried. */
export const outboundRecipient: Shape = {
  name: 'OutboundRecipient',
  one: 'Recipient',
  many: 'Recipients',
  label: 'name',
  required: ['name', 'url', 'events'],
  fields: {
    id: field(Id, 'Id', 'Given by the site.', readOnly),
    name: field(text(255, 1), 'Name', 'Must be the only one with this name.'),
    url: field(text(2_000, 1), 'URL', 'Where events are posted to, for example https://desk.acme.example/events.'),
    allow_http: field(Flag, 'Without TLS', 'The URL may begin with http://, and everybody on the way can read.', {
      default: false,
    }),
    ca_certificate: field(text(20_000), 'CA certificate', 'PEM. Empty: the authorities that this machine trusts.', {
      ...{ default: '', format: 'textarea' },
    }),
    events: field(
      z.array(z.enum(outboundEvents, 'There is no such event.')).min(1, 'Choose at least one event.').max(20),
      'Events',
      'What it is told of.',
    ),
    send_custom_fields: field(Flag, 'Custom fields', 'Custom fields of the session are sent by their code names.', {
      default: false,
    }),
    retry_interval: field(
      seconds(5, 86_400, 'Enter 5 to 86,400 seconds.'),
      'Retry interval',
      'Seconds between two tries of the same event. Later events wait behind it.',
      { default: 60, format: 'seconds' },
    ),
    retry_duration: field(
      seconds(60, 2_592_000, 'Enter 60 to 2,592,000 seconds.'),
      'Retry duration',
      'Seconds from the first try of an event; then it is given up, and the next one is tried.',
      { default: 86_400, format: 'seconds' },
    ),
    alert_emails: field(
      z.array(z.email('Enter an e-mail address.').max(254)).max(10, 'Enter at most ten addresses.'),
      'Alert addresses',
      'Who is told when the recipient fails for long, or an event was given up, and when it takes events again.',
      { default: [] },
    ),
    alert_after: field(
      seconds(0, 2_592_000, 'Enter 0 to 2,592,000 seconds.'),
      'Alert after',
      'Seconds that the recipient fails until somebody is told; looked at with each try.',
      { default: 900, format: 'seconds' },
    ),
    enabled: field(Flag, 'Enabled', 'Switched off, nothing is sent to it, and no new event waits for it.', {
      default: true,
    }),
    signed: field(Flag, 'Signed', 'It has a signing secret.', readOnly),
    has_token: field(Flag, 'Token', 'A token is added to the URL.', readOnly),
    status: field(z.enum(['working', 'failing', 'off']), 'Status', 'How it is at the moment.', readOnly),
    queued: field(z.int(), 'Queued', 'Events that wait for it.', readOnly),
    failing_since: field(z.string(), 'Failing since', 'Since when it takes no event.', readOnly),
    last_error: field(z.string(), 'Last error', 'Why it did not take the last one.', readOnly),
    next_try_at: field(z.string(), 'Next try', 'Nothing is sent to it before then.', readOnly),
    alerted_at: field(z.string(), 'Alerted', 'When somebody was told that it fails.', readOnly),
  },
};

/** POST /api/outbound-events/recipients/:id/secret: the only answer that holds the signing secret. */
export const SigningSecret = z.object({ id: Id, secret: z.string() });

/** PUT /api/outbound-events/recipients/:id/token: sent as `outbound_event_token` in the URL; null takes it away. */
export const TokenInput = z.strictObject({ token: text(500, 1).nullable() });

const When = z.iso.datetime();

/** POST …/:id/test, and the items of GET …/:id/deliveries, newest first */
export const OutboundDelivery = z.object({
  deliveryId: z.uuid(),
  event: z.string(),
  lsid: z.string(),
  at: When,
  state: z.enum(['queued', 'delivered', 'given_up']),
  isTest: z.boolean(),
  /** What it repeats. */
  replayOf: z.string().nullable(),
  tries: z.int(),
  triedAt: When.nullable(),
  status: z.int().nullable(),
  error: z.string(),
});
export const DeliveriesQuery = z.object({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'This cursor belongs to another list. Start at the first page.')
    .optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  state: z.enum(['queued', 'delivered', 'given_up']).optional(),
  /** Looks into events, sessions and errors. */
  search: text(200).trim().default(''),
});
export const Deliveries = z.object({ items: z.array(OutboundDelivery), next: z.string().nullable() });

/** POST …/:id/replay: everything that happened since then and waits no longer is sent again, in the same order. */
export const ReplayInput = z.strictObject({ since: z.iso.datetime({ offset: true, error: 'Enter a time.' }) });
export const Replayed = z.object({ queued: z.int() });

/** In GET /api/status. */
export const OutboundSummary = z.object({
  failing: z.int(),
  queued: z.int(),
  /** Mails that wait. */
  unsentAlerts: z.int(),
  advice: z.string().nullable(),
});
