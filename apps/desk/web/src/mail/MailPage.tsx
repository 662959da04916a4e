import { MailPage as Mail } from '@gatehouse/ui';

export const MailPage = () => (
  <Mail lead="Answers of this desk, session keys and what was said go to customers by mail." />
);
