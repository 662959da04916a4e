import { ConfirmDialog, send, toast, toProblem } from '@gatehouse/ui';
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FilePlace, folderOf, joinPath, nameOf } from './file-paths.ts';

/** What is asked before something is done to a file or a folder. */
export type FileQuestion =
  | { readonly act: 'folder'; readonly path: string }
  | { readonly act: 'rename'; readonly path: string }
  | { readonly act: 'delete'; readonly path: string; readonly isFolder: boolean }
  | { readonly act: 'replace'; readonly path: string; readonly file: File };

interface FileDialogProps {
  place: FilePlace;
  question: FileQuestion | null;
  onClose(): void;
  onReplace(path: string, file: File): void;
  onDone(): void;
}

export function FileDialog({ place, question, onClose, onReplace, onDone }: FileDialogProps) {
  const remove = useMutation({
    mutationFn: (path: string) => send('DELETE', `${place.api}?${new URLSearchParams({ path })}`),
    onSuccess: (_, path) => {
      onDone();
      toast.done(`${nameOf(path)} deleted.`);
    },
    onError: toast.failed,
    onSettled: onClose,
  });
  const isConfirm = question?.act === 'delete' || question?.act === 'replace';
  return (
    <>
      <ConfirmDialog
        opened={isConfirm}
        title={`${question?.act === 'replace' ? 'Replace' : 'Delete'} ${nameOf(question?.path ?? '')}?`}
        action={question?.act === 'replace' ? 'Replace' : 'Delete'}
        danger
        busy={remove.isPending}
        onConfirm={() => {
          if (question?.act === 'delete') return remove.mutate(question.path);
          if (question?.act === 'replace') onReplace(question.path, question.file);
          onClose();
        }}
        onClose={onClose}
      >
        {question?.act === 'replace'
          ? 'There is a file of this name already. What is in it is lost.'
          : question?.act === 'delete' && question.isFolder
            ? 'Only an empty folder is deleted. This cannot be undone.'
            : 'It is deleted from the endpoint. This cannot be undone.'}
      </ConfirmDialog>
      <Modal
        opened={question !== null && !isConfirm}
        onClose={onClose}
        title={question?.act === 'rename' ? 'Rename' : 'New folder'}
      >
        {question?.act === 'rename' || question?.act === 'folder' ? (
          <Naming place={place} question={question} onClose={onClose} onDone={onDone} />
        ) : null}
      </Modal>
    </>
  );
}

interface NamingProps extends Pick<FileDialogProps, 'place' | 'onClose' | 'onDone'> {
  question: Extract<FileQuestion, { act: 'rename' | 'folder' }>;
}

function Naming({ place: { api }, question, onClose, onDone }: NamingProps) {
  const isNew = question.act === 'folder';
  const save = useMutation({
    mutationFn: (name: string) => {
      return isNew
        ? send('POST', `${api}/folders`, { path: joinPath(question.path, name) })
        : send('POST', `${api}/rename`, { from: question.path, to: joinPath(folderOf(question.path), name) });
    },
    onSuccess: () => {
      onDone();
      onClose();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const name = String(new FormData(event.currentTarget).get('name') ?? '').trim();
        if (name !== '') save.mutate(name);
      }}
    >
      <Stack gap="md">
        <TextInput
          name="name"
          label="Name"
          required
          data-autofocus
          maxLength={255}
          // A slash would lead elsewhere.
          pattern="[^/]+"
          title="A name without a slash"
          defaultValue={isNew ? '' : nameOf(question.path)}
          error={save.error === null ? undefined : toProblem(save.error).message}
        />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            {isNew ? 'Make the folder' : 'Rename'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
