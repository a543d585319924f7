import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { askApi, caller } from '../../../../ask-api';
import { TargetEditor } from '../../../../panels/editor/target-editor';
import { Gate } from '../../../../panels/gate';
import { Allowed } from '../../../../panels/not-allowed';

export const metadata: Metadata = { title: 'Edit target' };

interface Props {
  params: Promise<{ id: string }>;
}

/** The description of one target, to be changed. */
export default async function Page({ params }: Props) {
  const id = decodeURIComponent((await params).id);
  const asked = await askApi((client) => client.call('getTarget', { params: { id } }));
  if ('answer' in asked)
    return (
      <Allowed to="target.write" title={`Edit ${id}`}>
        <TargetEditor key={id} target={asked.answer} />
      </Allowed>
    );
  if (asked.refusal.code === 'not_found') notFound();
  return <Gate refusal={asked.refusal} {...await caller()} />;
}
