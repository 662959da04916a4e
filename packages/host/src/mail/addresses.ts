import { MailFault } from './mail-faults.ts';

export interface MailAddress {
  readonly address: string;
  /** As it is shown; left out: the address alone. */
  readonly name?: string;
}

/** One address in ASCII: no quotes, comments, lists, spaces or control characters, so that nothing else can hide in it. */
export const isMailAddress = (text: string): boolean =>
  text.length <= 254 &&
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}){0,20}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){0,10}[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(
    text,
  );

/** What stands in a header: one line, nothing that a reader does not see. */
export const isHeaderText = (text: string, most = 300): boolean =>
  text.length <= most && text.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(text);

/** Checked again where a mail leaves, whoever made it: a line break in a header would begin another one. @throws MailFault */
export const requireAddress = ({ address, name }: MailAddress, what: 'sender' | 'recipient'): void => {
  const refuse = (advice: string) =>
    new MailFault({ kind: 'misconfigured', problem: what, advice, detail: `the ${what} of a mail` });
  if (!isMailAddress(address)) throw refuse(`The address of the ${what} is none. Enter one like name@example.com.`);
  if (name !== undefined && !isHeaderText(name)) throw refuse(`The name of the ${what} is not one line of plain text.`);
};
