'use client';

import { HiveError } from '@hive/contract';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useFeed } from '../../live/feed-provider';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { toast } from '../../live/toast';

/** Deletes a target after a warning. */
export function DeleteTarget({ id }: { id: string }) {
  const feed = useFeed();
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const remove = async (): Promise<void> => {
    try {
      await feed.client.call('deleteTarget', { params: { id } });
      await feed.reload();
      router.push('/');
    } catch (error) {
      toast.error(error instanceof HiveError ? error.message : 'The API does not answer');
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title={`Delete ${id}?`}
      description="Its sessions, runs and everything learned about it are deleted too. This cannot be undone."
      trigger={<Button look="danger">Delete</Button>}
    >
      <Button look="danger" className="mt-4" onClick={() => void remove()}>
        Delete {id} and its history
      </Button>
    </Dialog>
  );
}
