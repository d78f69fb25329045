/** The address of a form, put into the reply that is being written: its writer sends it. */

import { catchUp } from './ahead';
import { explain } from './moves';
import { api } from './session.svelte';
import { drafts } from './sending.svelte';
import { writing } from './writing.svelte';

export async function addForm(conversationId: string, flow: string): Promise<void> {
  try {
    const { address } = await api.makeForm(conversationId, flow);
    catchUp();
    drafts().append(conversationId, 'reply', address);
    writing.reload += 1;
  } catch (error) {
    explain(error);
  }
}
