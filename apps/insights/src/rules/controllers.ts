import { directoryStream } from './directory.ts';

/** What rules read that look at the registry of domain controllers. `p` is the controller among the policies. */
export const needsControllers: readonly string[] = [directoryStream('registry')];

/** A number of a controller’s registry; null where it is not set or not known. */
export const controllerNumber = (controller: string, name: string): string =>
  `(${controller}.settings->'values'->>'${name}')::bigint`;

/** Whether it could not be read whether a value is set. */
export const isUnknownThere = (controller: string, name: string): string =>
  `coalesce(${controller}.settings->'unknown' ? '${name}', true)`;

/** The value for people. */
export const controllerWord = (controller: string, name: string): string =>
  `case when ${isUnknownThere(controller, name)} then 'could not be read' else coalesce(${controllerNumber(controller, name)}::text, 'not set') end`;

/**
 * What a value means that is not set: true where the controller runs a version of which that is known, before Windows
 * Server 2025. New forests of that version demand signing where nothing is set, upgraded ones do not.
 */
export const isBefore2025 = (controller: string): string => `case
  when ${controller}.settings->>'operatingSystem' ~ 'Windows Server.* 20(0|1|2[0-4])' then true end`;

/** Controllers of which `isFound` came to null, for `unseen`. */
export const unseenControllers = (isFound: string, reason: string): string => `
  select p.connection_id, p.stream, p.id, '${reason}' as reason from policies p
  where p.type = 'domain_controller' and (${isFound}) is null`;
