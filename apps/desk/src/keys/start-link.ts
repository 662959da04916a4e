import type { FieldValues, Ticket } from '@gatehouse/desk-kit';
import type { OpenDesk } from '../connections/index.ts';

/**
 * The link that starts a session, for a ticket whose field for it is empty. Where the set-up gave the field a link of its
 * own, any word in it will do; where somebody made the field, this is the link.
 */
export const startLink = (
  baseUrl: string,
  connectionId: string,
  { mapped }: Pick<OpenDesk, 'mapped'>,
  { fields, number }: Pick<Ticket, 'fields' | 'number'>,
): FieldValues => {
  const isEmpty = fields.sessionStartLink !== undefined && (fields.sessionStartLink ?? '') === '';
  if (!mapped.has('sessionStartLink') || !isEmpty) return {};
  return { sessionStartLink: `${baseUrl}/start/${connectionId}/${encodeURIComponent(number)}` };
};
