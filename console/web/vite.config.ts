import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const server = process.env.MADOGUCHI_SERVER ?? 'http://127.0.0.1:8000';

/** Every script and style beside itself, compressed once: the server has nothing to pack. */
const packed: Plugin = {
  name: 'packed',
  writeBundle({ dir = 'dist' }) {
    const assets = join(dir, 'assets');
    for (const name of readdirSync(assets).filter((one) => /\.(js|css)$/.test(one)))
      writeFileSync(join(assets, `${name}.gz`), gzipSync(readFileSync(join(assets, name)), { level: 9 }));
  },
};

export default defineConfig({
  plugins: [svelte(), packed],
  build: {
    target: 'es2023',
    // Everything is a file of its own: the pages are served with script-src 'self' and no exception.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/api': server,
      '/media': server,
      '/socket.io': { target: server, ws: true },
    },
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node', setupFiles: 'tests/speaking.ts' },
});
