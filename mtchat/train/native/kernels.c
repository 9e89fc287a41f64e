/* What a training step does between its matrix products, for x86-64 with AVX-512 and its bfloat16 dot product.

   Built for one head size (-DHEAD=...) by mtchat/train/native/__init__.py, which also says what each function is for.
   bf16 values travel as uint16_t. Rows of `z` hold CodeGen's qkv projection (3 WIDTH, four groups of query, value, key)
   and then the MLP's input (4 WIDTH); rows of `cat` hold attention's output (WIDTH) and then the MLP's (4 WIDTH). */

#include <immintrin.h>
#include <math.h>
#include <omp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint16_t bf16;
typedef __m512bh vbf;

#define PAIRS (HEAD / 2)
#define VECS ((HEAD + 15) / 16)
#define PADDED (VECS * 16)
#define ROWS 4
#define GROUPS 4
#define LEAST -1e30f

static inline float widen(bf16 x) {
    uint32_t bits = (uint32_t)x << 16;
    float f;
    memcpy(&f, &bits, 4);
    return f;
}

static inline bf16 narrow(float f) {
    uint32_t bits;
    memcpy(&bits, &f, 4);
    return (bf16)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

/* What each thread summed, one row of `width` after the other, added to `to` in the threads' order: always the same. */
static void collect(float *to, const float *own, long threads, long row, long width) {
    for (long t = 0; t < threads; t++)
        for (long i = 0; i < width; i++) to[i] += own[t * row + i];
}

/* ---- layer norm ---------------------------------------------------------------------------------------------- */

void norm_forward(const float *x, const float *gain, const float *shift, bf16 *out, float *mean, float *rstd, long n,
                  long width) {
#pragma omp parallel for schedule(static)
    for (long r = 0; r < n; r++) {
        const float *row = x + r * width;
        float sum = 0, square = 0;
        for (long i = 0; i < width; i++) sum += row[i];
        float m = sum / width;
        for (long i = 0; i < width; i++) square += (row[i] - m) * (row[i] - m);
        float s = 1 / sqrtf(square / width + 1e-5f);
        for (long i = 0; i < width; i++) out[r * width + i] = narrow((row[i] - m) * s * gain[i] + shift[i]);
        mean[r] = m;
        rstd[r] = s;
    }
}

/* dx (in: what came past the block; out: that and the norm's own part); dgain and dshift are added to. */
void norm_backward(const bf16 *dout, const float *x, const float *gain, const float *mean, const float *rstd, float *dx,
                   float *dgain, float *dshift, long n, long width) {
    long threads = omp_get_max_threads();
    float *all = calloc(threads * 2 * width, sizeof(float));
#pragma omp parallel
    {
        float *own = all + omp_get_thread_num() * 2 * width, *g = malloc(width * sizeof(float));
#pragma omp for schedule(static)
        for (long r = 0; r < n; r++) {
            const float *row = x + r * width;
            const bf16 *d = dout + r * width;
            float m = mean[r], s = rstd[r], a = 0, b = 0;
            for (long i = 0; i < width; i++) {
                float v = widen(d[i]), h = (row[i] - m) * s;
                own[i] += v * h;
                own[width + i] += v;
                g[i] = v * gain[i];
                a += g[i];
                b += g[i] * h;
            }
            a /= width;
            b /= width;
            for (long i = 0; i < width; i++) dx[r * width + i] += s * (g[i] - a - (row[i] - m) * s * b);
        }
        free(g);
    }
    collect(dgain, all, threads, 2 * width, width);
    collect(dshift, all + width, threads, 2 * width, width);
    free(all);
}

/* ---- GELU, the tanh form: x * sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3) --------------------------------- */

#define TWICE 1.5957691216057308f /* 2 sqrt(2 / pi) */

void gelu_forward(const bf16 *z, bf16 *cat, long n, long width) {
#pragma omp parallel for schedule(static)
    for (long r = 0; r < n; r++) {
        const bf16 *in = z + r * 7 * width + 3 * width;
        bf16 *out = cat + r * 5 * width + width;
        for (long i = 0; i < 4 * width; i++) {
            float x = widen(in[i]);
            out[i] = narrow(x / (1 + expf(fminf(-TWICE * (x + 0.044715f * x * x * x), 80))));
        }
    }
}

/* dz's second part from dcat's second part; dbias (4 WIDTH) is added to. */
void gelu_backward(const bf16 *z, const bf16 *dcat, bf16 *dz, float *dbias, long n, long width) {
    long threads = omp_get_max_threads();
    float *all = calloc(threads * 4 * width, sizeof(float));
#pragma omp parallel
    {
        float *own = all + omp_get_thread_num() * 4 * width;
#pragma omp for schedule(static)
        for (long r = 0; r < n; r++) {
            const bf16 *in = z + r * 7 * width + 3 * width, *d = dcat + r * 5 * width + width;
            bf16 *out = dz + r * 7 * width + 3 * width;
            for (long i = 0; i < 4 * width; i++) {
                float x = widen(in[i]), s = 1 / (1 + expf(fminf(-TWICE * (x + 0.044715f * x * x * x), 80)));
                float slope = widen(d[i]) * (s + x * s * (1 - s) * TWICE * (1 + 3 * 0.044715f * x * x));
                own[i] += slope;
                out[i] = narrow(slope);
            }
        }
    }
    collect(dbias, all, threads, 4 * width, 4 * width);
    free(all);
}

/* ---- attention ----------------------------------------------------------------------------------------------- */

typedef struct {
    long batch, time, heads, rotary;
    const float *sin, *cos; /* (time, rotary), each angle twice */
} Shape;

/* One head's rows as floats, turned by their positions (`way` 1), back (-1), or as they are (0). */
static void turn(float *x, const Shape *s, long t, int way) {
    for (long i = 0; way && i < s->rotary; i += 2) {
        float c = s->cos[t * s->rotary + i], n = way * s->sin[t * s->rotary + i], a = x[i], b = x[i + 1];
        x[i] = a * c - b * n;
        x[i + 1] = b * c + a * n;
    }
}

static void gather(float *to, const bf16 *from, long stride, const Shape *s, int way, float scale) {
    for (long t = 0; t < s->time; t++) {
        for (long i = 0; i < HEAD; i++) to[t * HEAD + i] = widen(from[t * stride + i]) * scale;
        turn(to + t * HEAD, s, t, way);
    }
}

/* (time, HEAD) floats as rows of bf16. */
static void as_rows(bf16 *to, const float *from, long time) {
    for (long i = 0; i < time * HEAD; i++) to[i] = narrow(from[i]);
}

/* (PAIRS, wide, 2): for products over features, 16 positions at a time. `wide` is time, rounded up to 64. */
static void by_feature(bf16 *to, const float *from, long time, long wide) {
    memset(to, 0, PAIRS * wide * 2 * sizeof(bf16));
    for (long t = 0; t < time; t++)
        for (long p = 0; p < PAIRS; p++) {
            to[(p * wide + t) * 2] = narrow(from[t * HEAD + 2 * p]);
            to[(p * wide + t) * 2 + 1] = narrow(from[t * HEAD + 2 * p + 1]);
        }
}

/* (wide / 2, PADDED, 2): for products over positions, 16 features at a time. */
static void by_position(bf16 *to, const float *from, long time, long wide) {
    memset(to, 0, wide * PADDED * sizeof(bf16));
    for (long t = 0; t < time; t++)
        for (long i = 0; i < HEAD; i++) to[((t / 2) * PADDED + i) * 2 + (t & 1)] = narrow(from[t * HEAD + i]);
}

static inline vbf load(const bf16 *p) { return (vbf)_mm512_loadu_si512((const void *)p); }
static inline vbf twice(const bf16 *p) {
    int32_t pair;
    memcpy(&pair, p, 4);
    return (vbf)_mm512_set1_epi32(pair);
}

/* out[r][j] = rows[r] . columns[j] for ROWS rows and j below `to` (rounded up to 64); `out` has stride `wide`. */
static void products(float *out, const bf16 *rows, const bf16 *columns, long wide, long to) {
    for (long j = 0; j < to; j += 64) {
        __m512 acc[ROWS][4];
        for (int r = 0; r < ROWS; r++)
            for (int v = 0; v < 4; v++) acc[r][v] = _mm512_setzero_ps();
        for (long p = 0; p < PAIRS; p++) {
            vbf c[4];
            for (int v = 0; v < 4; v++) c[v] = load(columns + (p * wide + j + 16 * v) * 2);
            for (int r = 0; r < ROWS; r++) {
                vbf q = twice(rows + r * HEAD + 2 * p);
                for (int v = 0; v < 4; v++) acc[r][v] = _mm512_dpbf16_ps(acc[r][v], q, c[v]);
            }
        }
        for (int r = 0; r < ROWS; r++)
            for (int v = 0; v < 4; v++) _mm512_storeu_ps(out + r * wide + j + 16 * v, acc[r][v]);
    }
}

/* out[r] = sum over pairs p from `from` to `to` of weights(r, p) * values[p]; the pair of row r at p lies at
   weights[r * row + p * step]. */
static void sums(float out[ROWS][PADDED], const bf16 *weights, long row, long step, const bf16 *values, long from,
                 long to) {
    __m512 acc[ROWS][VECS];
    for (int r = 0; r < ROWS; r++)
        for (int v = 0; v < VECS; v++) acc[r][v] = _mm512_setzero_ps();
    for (long p = from; p < to; p++) {
        vbf c[VECS];
        for (int v = 0; v < VECS; v++) c[v] = load(values + (p * PADDED + 16 * v) * 2);
        for (int r = 0; r < ROWS; r++) {
            vbf w = twice(weights + r * row + p * step);
            for (int v = 0; v < VECS; v++) acc[r][v] = _mm512_dpbf16_ps(acc[r][v], w, c[v]);
        }
    }
    for (int r = 0; r < ROWS; r++)
        for (int v = 0; v < VECS; v++) _mm512_storeu_ps(out[r] + 16 * v, acc[r][v]);
}

static long offset(const Shape *s, long h, int part) { /* part 0 query, 1 value, 2 key */
    long width = s->heads * HEAD, each = s->heads / GROUPS;
    return h / each * 3 * (width / GROUPS) + part * (width / GROUPS) + h % each * HEAD;
}

static void *take(size_t bytes) { return aligned_alloc(64, (bytes + 63) / 64 * 64); }

/* cat's first part from z; lse (batch, heads, time) is kept for the way back. */
void attention_forward(const bf16 *z, bf16 *cat, float *lse, long batch, long time, long heads, long rotary,
                       const float *sine, const float *cosine) {
    Shape s = {batch, time, heads, rotary, sine, cosine};
    long width = heads * HEAD, wide = (time + 63) / 64 * 64;
    float scale = 1 / sqrtf(HEAD);
#pragma omp parallel
    {
        float *x = take((wide + ROWS) * HEAD * 4), *scores = take(ROWS * wide * 4);
        bf16 *q = take((wide + ROWS) * HEAD * 2), *k = take(PAIRS * wide * 4), *v = take(wide * PADDED * 2);
        bf16 *weights = take(ROWS * wide * 2);
        memset(q, 0, (wide + ROWS) * HEAD * 2);
#pragma omp for schedule(dynamic)
        for (long bh = 0; bh < batch * heads; bh++) {
            long b = bh / heads, h = bh % heads;
            const bf16 *base = z + b * time * 7 * width;
            gather(x, base + offset(&s, h, 0), 7 * width, &s, 1, scale);
            as_rows(q, x, time);
            gather(x, base + offset(&s, h, 2), 7 * width, &s, 1, 1);
            by_feature(k, x, time, wide);
            gather(x, base + offset(&s, h, 1), 7 * width, &s, 0, 1);
            by_position(v, x, time, wide);
            for (long i = 0; i < time; i += ROWS) {
                long to = i + ROWS < time ? i + ROWS : time;
                products(scores, q + i * HEAD, k, wide, to);
                float total[ROWS];
                for (int r = 0; r < ROWS; r++) {
                    float *row = scores + r * wide, most = LEAST, sum = 0;
                    long seen = i + r + 1 < time ? i + r + 1 : time;
                    for (long j = 0; j < seen; j++) most = row[j] > most ? row[j] : most;
                    for (long j = 0; j < seen; j++) {
                        row[j] = expf(row[j] - most);
                        sum += row[j];
                    }
                    for (long j = seen; j < (to + 1) / 2 * 2; j++) row[j] = 0;
                    for (long j = 0; j < (to + 1) / 2 * 2; j++) weights[r * wide + j] = narrow(row[j]);
                    total[r] = 1 / sum;
                    if (i + r < time) lse[bh * time + i + r] = most + logf(sum);
                }
                float out[ROWS][PADDED];
                sums(out, weights, wide, 2, v, 0, (to + 1) / 2);
                for (int r = 0; r < ROWS && i + r < time; r++)
                    for (long d = 0; d < HEAD; d++)
                        cat[(b * time + i + r) * 5 * width + h * HEAD + d] = narrow(out[r][d] * total[r]);
            }
        }
        free(x), free(scores), free(q), free(k), free(v), free(weights);
    }
}

/* dz's first part from dcat's first part. */
void attention_backward(const bf16 *z, const bf16 *cat, const float *lse, const bf16 *dcat, bf16 *dz, long batch,
                        long time, long heads, long rotary, const float *sine, const float *cosine) {
    Shape s = {batch, time, heads, rotary, sine, cosine};
    long width = heads * HEAD, wide = (time + 63) / 64 * 64;
    float scale = 1 / sqrtf(HEAD);
#pragma omp parallel
    {
        float *x = take((wide + ROWS) * HEAD * 4), *g = take((wide + ROWS) * HEAD * 4), *delta = take(wide * 4 + 64);
        float *scores = take(ROWS * wide * 4), *slopes = take(ROWS * wide * 4);
        bf16 *q = take((wide + ROWS) * HEAD * 2), *dq = take((wide + ROWS) * HEAD * 2);
        bf16 *k = take(PAIRS * wide * 4), *v = take(PAIRS * wide * 4);
        bf16 *kp = take(wide * PADDED * 2), *qp = take(wide * PADDED * 2), *gp = take(wide * PADDED * 2);
        bf16 *row = take(ROWS * wide * 2);
        bf16 *p = take(wide * wide * 2), *ds = take(wide * wide * 2); /* (wide / 2, wide, 2): pairs of queries */
        memset(q, 0, (wide + ROWS) * HEAD * 2);
        memset(dq, 0, (wide + ROWS) * HEAD * 2);
#pragma omp for schedule(dynamic)
        for (long bh = 0; bh < batch * heads; bh++) {
            long b = bh / heads, h = bh % heads;
            const bf16 *base = z + b * time * 7 * width;
            bf16 *back = dz + b * time * 7 * width;
            gather(x, base + offset(&s, h, 0), 7 * width, &s, 1, scale);
            as_rows(q, x, time);
            by_position(qp, x, time, wide);
            gather(x, base + offset(&s, h, 2), 7 * width, &s, 1, 1);
            by_feature(k, x, time, wide);
            by_position(kp, x, time, wide);
            gather(x, base + offset(&s, h, 1), 7 * width, &s, 0, 1);
            by_feature(v, x, time, wide);
            gather(g, dcat + b * time * 5 * width + h * HEAD, 5 * width, &s, 0, 1);
            as_rows(dq, g, time); /* the gradient of the output, for now */
            by_position(gp, g, time, wide);
            for (long t = 0; t < time; t++) {
                const bf16 *o = cat + (b * time + t) * 5 * width + h * HEAD;
                float sum = 0;
                for (long d = 0; d < HEAD; d++) sum += g[t * HEAD + d] * widen(o[d]);
                delta[t] = sum;
            }
            for (long i = 0; i < time; i += ROWS) {
                long to = i + ROWS < time ? i + ROWS : time, even = (to + 1) / 2 * 2;
                products(scores, q + i * HEAD, k, wide, to);
                products(slopes, dq + i * HEAD, v, wide, to);
                for (int r = 0; r < ROWS; r++) {
                    float *weight = scores + r * wide, *slope = slopes + r * wide;
                    long seen = i + r < time ? i + r + 1 : 0;
                    float l = seen ? lse[bh * time + i + r] : 0, d = seen ? delta[i + r] : 0;
                    for (long j = 0; j < seen; j++) {
                        weight[j] = expf(weight[j] - l);
                        slope[j] = weight[j] * (slope[j] - d);
                    }
                    for (long j = seen; j < even; j++) weight[j] = slope[j] = 0;
                    for (long j = 0; j < even; j++) row[r * wide + j] = narrow(slope[j]);
                }
                for (int r = 0; r < ROWS; r += 2) {
                    bf16 *a = p + (i + r) / 2 * wide * 2, *c = ds + (i + r) / 2 * wide * 2;
                    const float *w0 = scores + r * wide, *w1 = w0 + wide, *s0 = slopes + r * wide, *s1 = s0 + wide;
                    for (long j = 0; j < even; j++) {
                        a[2 * j] = narrow(w0[j]);
                        a[2 * j + 1] = narrow(w1[j]);
                        c[2 * j] = narrow(s0[j]);
                        c[2 * j + 1] = narrow(s1[j]);
                    }
                }
                float out[ROWS][PADDED];
                sums(out, row, wide, 2, kp, 0, even / 2);
                for (int r = 0; r < ROWS && i + r < time; r++) {
                    for (long d = 0; d < HEAD; d++) out[r][d] *= scale;
                    turn(out[r], &s, i + r, -1);
                    bf16 *dest = back + (i + r) * 7 * width + offset(&s, h, 0);
                    for (long d = 0; d < HEAD; d++) dest[d] = narrow(out[r][d]);
                }
            }
            long pairs = (time + ROWS - 1) / ROWS * ROWS / 2;
            for (long j = 0; j < time; j += ROWS) { /* weights of keys j.. begin at query j, a multiple of four */
                float out[ROWS][PADDED];
                sums(out, p + 2 * j, 2, 2 * wide, gp, j / 2, pairs);
                for (int r = 0; r < ROWS && j + r < time; r++) {
                    bf16 *dest = back + (j + r) * 7 * width + offset(&s, h, 1);
                    for (long d = 0; d < HEAD; d++) dest[d] = narrow(out[r][d]);
                }
                sums(out, ds + 2 * j, 2, 2 * wide, qp, j / 2, pairs);
                for (int r = 0; r < ROWS && j + r < time; r++) {
                    turn(out[r], &s, j + r, -1);
                    bf16 *dest = back + (j + r) * 7 * width + offset(&s, h, 2);
                    for (long d = 0; d < HEAD; d++) dest[d] = narrow(out[r][d]);
                }
            }
        }
        free(x), free(g), free(delta), free(scores), free(slopes), free(q), free(dq), free(k), free(v), free(kp);
        free(qp), free(gp), free(row), free(p), free(ds);
    }
}

/* ---- cross-entropy ------------------------------------------------------------------------------------------- */

/* Rows of logits become their gradients, times `scale` (0 where a target is negative); losses (n) are written. */
void entropy(bf16 *logits, const int64_t *targets, float *losses, long n, long vocabulary, float scale) {
#pragma omp parallel
    {
        float *x = take(vocabulary * 4);
#pragma omp for schedule(static)
        for (long r = 0; r < n; r++) {
            bf16 *row = logits + r * vocabulary;
            float most = LEAST, sum = 0;
            for (long i = 0; i < vocabulary; i++) x[i] = widen(row[i]);
            for (long i = 0; i < vocabulary; i++) most = x[i] > most ? x[i] : most;
            float own = targets[r] < 0 ? 0 : x[targets[r]];
            for (long i = 0; i < vocabulary; i++) {
                x[i] = expf(x[i] - most);
                sum += x[i];
            }
            losses[r] = targets[r] < 0 ? 0 : most + logf(sum) - own;
            float each = targets[r] < 0 ? 0 : scale / sum;
            for (long i = 0; i < vocabulary; i++) row[i] = narrow(x[i] * each);
            if (targets[r] >= 0) row[targets[r]] = narrow(x[targets[r]] * each - scale);
        }
        free(x);
    }
}
