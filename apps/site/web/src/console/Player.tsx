import { Notice } from '@gatehouse/ui';
import { ActionIcon, Button, NativeSelect, Slider } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './Player.module.css';

export interface PlayerProps {
  readonly atMs: number;
  readonly lengthMs: number;
  readonly isPlaying: boolean;
  readonly speed: number;
  /** The session goes on, and so does its recording. */
  readonly isLive: boolean;
  /** Shows what is newest as it comes. */
  readonly isFollowing: boolean;
  /** What went wrong, for the person. */
  readonly problem: string | null;
  onPlay(): void;
  onPause(): void;
  onSeek(ms: number): void;
  onSpeed(speed: number): void;
  /** To what is newest, and on with it. */
  onFollow(): void;
  /** What is played. */
  readonly children: ReactNode;
}

/** A recording with what it is played with. */
export function Player({ children, problem, ...its }: PlayerProps) {
  const { atMs, lengthMs, isPlaying, speed, isLive, isFollowing } = its;
  return (
    <div className={classes.player}>
      <div className={classes.stage}>{children}</div>
      {problem === null ? null : (
        <div className={classes.notice}>
          <Notice tone="medium" isUrgent>
            {problem}
          </Notice>
        </div>
      )}
      <div className={classes.bar}>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={isPlaying ? 'Pause' : 'Play'}
          onClick={isPlaying ? its.onPause : its.onPlay}
        >
          {isPlaying ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
        </ActionIcon>
        <Slider
          className={classes.track}
          thumbLabel="Position"
          label={clock}
          min={0}
          max={Math.max(1, lengthMs)}
          step={100}
          value={Math.min(atMs, lengthMs)}
          onChange={its.onSeek}
          thumbProps={{ 'aria-valuetext': `${clock(atMs)} of ${clock(lengthMs)}` }}
        />
        <span className={classes.time}>
          {clock(atMs)} / {clock(lengthMs)}
        </span>
        <NativeSelect
          className={classes.speed}
          size="xs"
          aria-label="Speed"
          data={speeds.map((one) => ({ value: String(one), label: `${one}×` }))}
          value={String(speed)}
          onChange={(event) => its.onSpeed(Number(event.currentTarget.value))}
        />
        {isLive ? (
          <Button size="compact-sm" variant={isFollowing ? 'filled' : 'default'} onClick={its.onFollow}>
            {isFollowing ? 'Live' : 'Go live'}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

const speeds = [0.5, 1, 2, 4, 8, 16] as const;

const clock = (ms: number): string => {
  const seconds = Math.floor(ms / 1_000);
  const two = (number: number) => String(number).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
};
