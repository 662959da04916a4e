import {
  IconBrandAws,
  IconBrandAzure,
  IconBrandGithub,
  IconBrandGoogle,
  IconBrandWindows,
  IconCircle,
  IconServer2,
} from '@tabler/icons-react';
import classes from './connections.module.css';

const marks: Readonly<Record<string, typeof IconCircle>> = {
  okta: IconCircle,
  github: IconBrandGithub,
  aws: IconBrandAws,
  azure: IconBrandAzure,
  gcp: IconBrandGoogle,
  'active-directory': IconBrandWindows,
  'insights-collector': IconServer2,
};

/** A small mark of the kind of system; one that is not known here shows its first letter. */
export function ConnectorMark({ connector, name, size = 32 }: { connector: string; name: string; size?: number }) {
  const Mark = marks[connector];
  return (
    <span className={classes.mark} style={{ width: size, height: size }} aria-hidden="true">
      {Mark === undefined ? (
        name.charAt(0).toUpperCase()
      ) : (
        <Mark size={size * 0.6} stroke={connector === 'okta' ? 4 : 1.75} />
      )}
    </span>
  );
}
