/**
 * The first picture of a film, as this browser shows it. The server draws it anew; where it cannot be
 * had, because this browser does not know the film's way of writing, the server has one of its own.
 */

const PATIENCE_MS = 5000;
const LONG_SIDE = 1024;
/** The very first picture is often black. */
const A_LITTLE_LATER_S = 0.1;

export const isFilm = (name: string) => /\.mp4$/i.test(name);

export async function posterOf(film: Blob): Promise<Blob | null> {
  const address = URL.createObjectURL(film);
  try {
    const video = await shown(address);
    return video === null || video.videoWidth === 0 ? null : await drawn(video);
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** The film, standing at its beginning; null when it does not come. */
function shown(address: string): Promise<HTMLVideoElement | null> {
  const video = document.createElement('video');
  video.muted = true;
  video.preload = 'auto';
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), PATIENCE_MS);
    const end = (found: HTMLVideoElement | null) => () => {
      clearTimeout(timer);
      resolve(found);
    };
    video.onloadeddata = () => (video.currentTime = Math.min(A_LITTLE_LATER_S, video.duration / 2));
    video.onseeked = end(video);
    video.onerror = end(null);
    video.src = address;
  });
}

function drawn(video: HTMLVideoElement): Promise<Blob | null> {
  const { videoWidth, videoHeight } = video;
  const scale = Math.min(1, LONG_SIDE / Math.max(videoWidth, videoHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(videoWidth * scale));
  canvas.height = Math.max(1, Math.round(videoHeight * scale));
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.85));
}
