import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Plugin } from "vite";
import { defineConfig } from "vitest/config";

const FOLDER = "../custom_components/carport/frontend";
const MANIFEST = "manifest.json";

/** Write what the integration serves the files under: a hash of all of them. */
function manifest(): Plugin {
  return {
    name: "carport-manifest",
    apply: "build",
    writeBundle({ dir }) {
      const folder = dir ?? FOLDER;
      const hash = createHash("sha256");
      for (const name of readdirSync(folder).sort()) {
        if (name !== MANIFEST) hash.update(name).update(readFileSync(join(folder, name)));
      }
      const content = { entry: "carport.js", hash: hash.digest("hex").slice(0, 12) };
      writeFileSync(join(folder, MANIFEST), `${JSON.stringify(content, null, 2)}\n`);
    },
  };
}

export default defineConfig({
  plugins: [manifest()],
  build: {
    target: "es2022",
    outDir: process.env["CARPORT_FRONTEND_OUT"] ?? FOLDER,
    emptyOutDir: true,
    reportCompressedSize: false,
    modulePreload: false,
    lib: { entry: "src/main.ts", formats: ["es"], fileName: () => "carport.js" },
    rolldownOptions: {
      output: { minify: true, chunkFileNames: "[name].js", assetFileNames: "[name][extname]" },
    },
  },
  test: { include: ["test/**/*.test.ts"] },
});
