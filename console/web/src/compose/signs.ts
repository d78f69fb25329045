/** How many signs a person sees, as LINE counts labels: 👨‍👩‍👧 is one. */
export function signsOf(text: string): number {
  return [...new Intl.Segmenter('ja').segment(text)].length;
}
