import {
  ConfirmDialog,
  EmptyState,
  ErrorState,
  formatTime,
  LoadingState,
  Notice,
  useApi,
  useRefresh,
} from '@gatehouse/ui';
import { Button, FileButton, Group } from '@mantine/core';
import { IconFile, IconFolder, IconFolderOff, IconLink, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import type { MachineOfSession } from '../../../src/api/jump-clients.ts';
import { paths } from '../api/paths.ts';
import classes from '../console/Files.module.css';
import { joinPath, nameOf, sizeOf, wayOf } from '../console/file-paths.ts';
import { Uploads, useUploads } from '../console/Uploads.tsx';

const icons = { folder: IconFolder, file: IconFile, link: IconLink, other: IconFile } as const;

/** One folder of the machine: files are fetched and put, as its settings and the session policy have it. */
export function MachineFiles({ lsid, rules }: { lsid: string; rules: MachineOfSession['rules'] }) {
  const [path, setPath] = useState('');
  const isForbidden = !rules.upload && !rules.download;
  const list = useApi(paths.machineFiles(lsid, path), { enabled: !isForbidden, once: true });
  const refresh = useRefresh();
  const uploads = useUploads(() => void refresh(`/api/support/sessions/${lsid}/machine/files`));
  const [replacing, setReplacing] = useState<{ readonly to: string; readonly file: File } | null>(null);
  if (isForbidden)
    return (
      <EmptyState icon={<IconFolderOff size={28} stroke={1.5} />} title="Files may not be moved in this session">
        Its session policy allows neither sending nor fetching files. An administrator of this site can change that.
      </EmptyState>
    );
  if (list.data === undefined)
    return list.error === null ? (
      <LoadingState rows={6} />
    ) : (
      <>
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        {path === '' ? null : (
          <Button variant="default" onClick={() => setPath('')}>
            Back to the beginning
          </Button>
        )}
      </>
    );
  const { path: here, entries, truncated } = list.data;
  const put = (to: string, file: File, replace: boolean) =>
    uploads.send(paths.machineFile(lsid, to, replace), nameOf(to), file);
  const send = (files: readonly File[]) => {
    const known = new Set(entries.map(({ name }) => name));
    for (const file of files) {
      const to = joinPath(here, file.name);
      if (known.has(file.name)) setReplacing({ to, file });
      else put(to, file, false);
    }
  };
  return (
    <section aria-label="Folder" className={classes.folder}>
      <nav aria-label="Path" className={classes.way}>
        {wayOf(here).map(({ name, path: to }, index, all) =>
          index === all.length - 1 ? (
            <span key={to} aria-current="location">
              {name}
            </span>
          ) : (
            <button type="button" key={to} onClick={() => setPath(to)}>
              {name}
            </button>
          ),
        )}
      </nav>
      <Group gap="xs">
        {rules.upload ? (
          <FileButton multiple onChange={send}>
            {(props) => (
              <Button {...props} size="compact-sm" leftSection={<IconUpload size={15} />}>
                Send files
              </Button>
            )}
          </FileButton>
        ) : (
          <span className={classes.note}>Files may be fetched, and not sent: so says the session policy.</span>
        )}
      </Group>
      <Uploads uploads={uploads} />
      {entries.length === 0 ? (
        <EmptyState title="This folder is empty" />
      ) : (
        <ul className={classes.list} aria-label="Files">
          {entries.map(({ name, kind, bytes, modifiedAt }) => {
            const Icon = icons[kind];
            const at = joinPath(here, name);
            return (
              <li key={name} className={classes.row}>
                <Icon size={18} stroke={1.6} aria-hidden="true" />
                {kind === 'folder' || kind === 'link' ? (
                  <button type="button" className={classes.name} onClick={() => setPath(at)}>
                    {name}
                  </button>
                ) : rules.download && kind === 'file' ? (
                  <a className={classes.name} href={paths.machineFile(lsid, at)} download={name}>
                    {name}
                  </a>
                ) : (
                  <span className={classes.name}>{name}</span>
                )}
                <span className={classes.about} title={`Changed ${formatTime(new Date(modifiedAt))}`}>
                  {kind === 'file' ? sizeOf(bytes) : ''}
                </span>
              </li>
            );
          })}
        </ul>
      )}
      {truncated ? (
        <Notice tone="low">There are more than 5,000 entries; these are the first. The shell shows the rest.</Notice>
      ) : null}
      <ConfirmDialog
        opened={replacing !== null}
        title={`Replace ${nameOf(replacing?.to ?? '')}?`}
        action="Replace"
        danger
        busy={false}
        onConfirm={() => {
          if (replacing !== null) put(replacing.to, replacing.file, true);
          setReplacing(null);
        }}
        onClose={() => setReplacing(null)}
      >
        The file of this name on the machine is lost.
      </ConfirmDialog>
    </section>
  );
}
