import { ActionIcon, Slider } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import classes from './RdpView.module.css';
import { createRdpReel } from './rdp-reel.ts';
import { useRdpFrames } from './use-rdp-frames.ts';

interface Props {
  /** The recording; of a session that goes on it goes on, too. */
  readonly source: () => Promise<Response>;
  readonly isLive: boolean;
}

/** A recording of a remote desktop, drawn by the client that showed the session. */
export function RdpReplay({ source, isLive }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { frames, lengthMs, problem } = useRdpFrames(source);
  const [atMs, setAtMs] = useState(0);
  const [isPlaying, setPlaying] = useState(true);
  const [broken, setBroken] = useState<string | null>(null);
  const reel = useRef<ReturnType<typeof createRdpReel> | null>(null);

  useEffect(() => {
    if (canvas.current === null) return;
    const made = createRdpReel(canvas.current, setBroken);
    reel.current = made;
    return () => made.close();
  }, []);
  useEffect(() => reel.current?.show(frames, atMs), [frames, atMs]);
  // Of a session that goes on, what is new is what people want to see.
  useEffect(() => {
    if (isLive && isPlaying) setAtMs(lengthMs);
  }, [isLive, isPlaying, lengthMs]);
  useEffect(() => {
    if (!isPlaying || isLive) return;
    let last = performance.now();
    let request = requestAnimationFrame(function tick(now) {
      const passed = now - last;
      last = now;
      setAtMs((ms) => Math.min(lengthMs, ms + passed));
      request = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(request);
  }, [isPlaying, isLive, lengthMs]);

  const words = problem ?? broken;
  return (
    <div className={classes.view}>
      <div className={classes.stage}>
        <canvas ref={canvas} className={classes.screen} aria-label="Recording of a remote desktop" />
        {words === null ? null : (
          <div className={classes.state} role="status">
            {words}
          </div>
        )}
      </div>
      <div className={classes.bar}>
        <ActionIcon variant="default" aria-label={isPlaying ? 'Pause' : 'Play'} onClick={() => setPlaying(!isPlaying)}>
          {isPlaying ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
        </ActionIcon>
        <Slider
          className={classes.track}
          thumbLabel="Position"
          label={clock}
          min={0}
          max={Math.max(1, lengthMs)}
          value={atMs}
          onChange={(ms) => {
            setPlaying(false);
            setAtMs(ms);
          }}
        />
        <span className={classes.hint}>{`${clock(atMs)} of ${clock(lengthMs)}`}</span>
      </div>
    </div>
  );
}

const clock = (ms: number): string => {
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};
