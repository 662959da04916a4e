import { Notice } from '@gatehouse/ui';
import { Loader } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { paths, type SupportFile } from '../api/paths.ts';

/** More than that is no page's to hold. */
const mostBytes = 1_024 ** 3;

/** The recording of one screen, with the controls of the browser. */
export function ScreenReplay({ lsid, screen }: { lsid: string; screen: SupportFile }) {
  const [url, setUrl] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const video = useRef<HTMLVideoElement>(null);
  const isTooLong = screen.bytes > mostBytes;
  useEffect(() => {
    if (isTooLong) return;
    const leaving = new AbortController();
    let made: string | null = null;
    void load(paths.supportFile(lsid, screen), screen.mediaType, leaving.signal).then(
      (address) => {
        made = address;
        setUrl(address);
      },
      (error: unknown) => {
        if (!leaving.signal.aborted) setProblem(error instanceof Error ? error.message : String(error));
      },
    );
    return () => {
      leaving.abort();
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [lsid, screen, isTooLong]);
  if (isTooLong) return <Notice tone="medium">This recording is too long for a page. Download it.</Notice>;
  if (problem !== null)
    return (
      <Notice tone="critical" title="The recording cannot be played" isUrgent>
        {problem}
      </Notice>
    );
  if (url === null) return <Loader size="sm" aria-label="Loading" />;
  return (
    <video
      ref={video}
      src={url}
      controls
      autoPlay
      muted
      aria-label={screen.name}
      style={{ display: 'block', width: '100%', maxHeight: 560, background: 'black' }}
      onLoadedMetadata={() => findLength(video.current)}
      onError={() => setProblem('The browser does not know this kind of recording. Download it.')}
    />
  );
}

const load = async (path: string, type: string, signal: AbortSignal): Promise<string> => {
  const answer = await fetch(path, { signal });
  if (!answer.ok) throw new Error('It is not there any more, or you may not see it.');
  return URL.createObjectURL(new Blob([await answer.arrayBuffer()], { type }));
};

/** What was recorded as it came says nowhere how long it is: the browser knows once it looked for its end. */
const findLength = (video: HTMLVideoElement | null): void => {
  if (video === null || Number.isFinite(video.duration)) return;
  const back = () => {
    video.removeEventListener('durationchange', back);
    video.currentTime = 0;
  };
  video.addEventListener('durationchange', back);
  video.currentTime = Number.MAX_SAFE_INTEGER;
};
