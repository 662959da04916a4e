import { ServerList as List, type ListChoice, type ServerListProps } from '@gatehouse/ui';

export type { ListChoice as Choice };

/** A list of this program; columns are remembered under its name. */
export const ServerList = <Row extends object>(props: ServerListProps<Row>) => (
  <List {...props} id={`desk.${props.id}`} />
);
