import { MailPage as Mail } from '@gatehouse/ui';

/** Management > Mail. */
export const MailPage = () => <Mail lead="Alerts about outbound events and invitations of customers go out by mail." />;
