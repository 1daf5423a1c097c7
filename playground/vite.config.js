import { defineConfig } from 'vite';

// The server embeds what this writes to dist/ and serves it under /playground/.
export default defineConfig({
  base: '/playground/',
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // Monaco alone is 2.8 MB; it is served compressed and immutable.
    chunkSizeWarningLimit: 4096,
    rollupOptions: {
      onwarn(warning, warn) {
        // GraphiQL's sources carry React compiler directives that bundlers do not know.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
  // `npm run dev` beside a running server.
  server: {
    proxy: {
      '/graphql': { target: 'http://127.0.0.1:8080', ws: true },
      '/playground/people.json': 'http://127.0.0.1:8080',
    },
  },
});
