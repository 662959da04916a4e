import { ActionIcon, Progress } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import classes from './Files.module.css';
import { sizeOf } from './file-paths.ts';

interface Upload {
  readonly key: number;
  readonly name: string;
  readonly bytes: number;
  readonly sent: number;
  /** Why it stopped. */
  readonly problem: string | null;
  stop(): void;
}

export interface UploadList {
  readonly all: readonly Upload[];
  /** To this address of the API. */
  send(address: string, name: string, file: File): void;
  dismiss(key: number): void;
}

/** Files on their way, each with how far it is. */
export const useUploads = (onDone: () => void): UploadList => {
  const [all, setAll] = useState<readonly Upload[]>([]);
  const next = useRef(0);
  const dismiss = (key: number) => setAll((before) => before.filter((one) => one.key !== key));
  return {
    all,
    dismiss,
    send(address, name, file) {
      next.current += 1;
      const key = next.current;
      const change = (part: Partial<Upload>) =>
        setAll((before) => before.map((one) => (one.key === key ? { ...one, ...part } : one)));
      // Only this one tells how much of it has gone.
      const request = new XMLHttpRequest();
      request.open('PUT', address);
      request.setRequestHeader('content-type', 'application/octet-stream');
      request.upload.onprogress = ({ loaded }) => change({ sent: loaded });
      request.onload = () => {
        if (request.status < 300) {
          dismiss(key);
          onDone();
        } else change({ problem: wordsOf(request) });
      };
      request.onerror = () => change({ problem: 'The connection to the site was lost. Send it again.' });
      setAll((before) => [
        ...before,
        { key, name, bytes: file.size, sent: 0, problem: null, stop: () => request.abort() },
      ]);
      request.send(file);
    },
  };
};

const wordsOf = (request: XMLHttpRequest): string => {
  try {
    const { detail, title }: Record<string, unknown> = JSON.parse(request.responseText);
    return String(detail ?? title);
  } catch {
    return 'The site did not take it.';
  }
};

export function Uploads({ uploads }: { uploads: UploadList }) {
  if (uploads.all.length === 0) return null;
  return (
    <ul className={classes.uploads} aria-label="Being sent">
      {uploads.all.map(({ key, name, bytes, sent, problem, stop }) => (
        <li key={key}>
          <span className={classes.uploadName}>
            {name} <span className={classes.note}>{sizeOf(bytes)}</span>
          </span>
          {problem === null ? (
            <Progress
              value={bytes === 0 ? 100 : (sent / bytes) * 100}
              aria-label={`Sending ${name}`}
              className={classes.progress ?? ''}
            />
          ) : (
            <span role="alert" className={classes.failed}>
              {problem}
            </span>
          )}
          <ActionIcon
            aria-label={problem === null ? `Stop sending ${name}` : `Dismiss ${name}`}
            onClick={() => {
              stop();
              uploads.dismiss(key);
            }}
          >
            <IconX size={15} />
          </ActionIcon>
        </li>
      ))}
    </ul>
  );
}
