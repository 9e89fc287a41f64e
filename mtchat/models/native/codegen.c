/* CodeGen's forward on a CPU: blocks, attention and scores, with weights in float32, bfloat16 or int8.

   Built by mtchat/models/native/__init__.py, which says what a model is made of. Written with GCC's vector extensions, so
   that it builds for any CPU; AVX-512 (VNNI, bf16) and AVX2 have instructions of their own where that pays.

   A row's result is the same to the last bit whatever is computed beside it: sums over inputs run in one order for any
   number of rows (those of int8 are exact), and attention goes over the tokens before a row in fixed steps of 16.

   Weights lie in panels of 64 outputs; within one, groups of 4 bytes of every output after each other: one float, two
   bfloat16 or four int8 inputs. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(__AVX2__)
#include <immintrin.h>
#endif
#if defined(__linux__)
#include <sys/mman.h>
#endif

#define LANES 16
#define PANEL 64
#define PARTS (PANEL / LANES)
#define WIDEST 256 /* features of a head */
#define AHEAD 4096 /* bytes of weights that are on their way into the second-level cache: 0.9 of the time without */
#if defined(__AVX512F__)
#define TILE 4 /* rows that a panel is multiplied with at once */
#else
#define TILE 2
#endif
#if defined(__AVX512VNNI__)
#define OFFSET 128 /* what is added to int8 activations, which VNNI takes unsigned */
#else
#define OFFSET 0
#endif
#define INLINE static inline __attribute__((always_inline))

enum { FLOAT32, BFLOAT16, INT8 };

typedef float vf __attribute__((vector_size(64)));
typedef int32_t vi __attribute__((vector_size(64)));
typedef uint32_t vu __attribute__((vector_size(64)));
typedef int8_t vb __attribute__((vector_size(16)));

/* y = weight x + bias for x of k numbers, y of n; `scale` and `sum` (of int8: that of a row, times OFFSET) per output. */
typedef struct {
    const char *weight;
    const float *scale;
    const int32_t *sum;
    const float *bias;
    long n, k;
} Linear;

typedef struct {
    const float *gain, *shift;
    Linear wide, out, down; /* query, key, value and the MLP's first; attention's output; the MLP's second */
} Layer;

typedef struct {
    long kind, layers, heads, width, inner, rotary, half, team;
    double epsilon;
    const float *cos, *sin; /* (places, rotary / 2) */
    const Layer *layer;
    const float *gain, *shift;
    Linear head;
} Model;

INLINE vf load(const float *p) {
    vf v;
    memcpy(&v, p, 64);
    return v;
}

INLINE void store(float *p, vf v) { memcpy(p, &v, 64); }

INLINE vf choose(vi mask, vf a, vf b) { return (vf)((mask & (vi)a) | (~mask & (vi)b)); }

INLINE vf least(vf a, vf b) { return choose(a < b, a, b); }

INLINE vf most(vf a, vf b) { return choose(a > b, a, b); }

INLINE float total(vf v) {
    float sum = 0;
    for (int i = 0; i < LANES; i++) sum += v[i];
    return sum;
}

INLINE float largest(vf v) {
    float found = v[0];
    for (int i = 1; i < LANES; i++) found = v[i] > found ? v[i] : found;
    return found;
}

/* Twelve million and a half takes a float's fraction away: to the nearest, ties to even. */
#define WHOLE 12582912.0f

INLINE vf exponential(vf x) {
    const vf zero = {0};
    x = choose(x < -87.0f, zero - 87.0f, x);
    x = choose(x > 88.0f, zero + 88.0f, x);
    vf n = (x * 1.44269504f + WHOLE) - WHOLE;
    vf r = x - n * 0.693359375f - n * -2.12194440e-4f;
    vf p = r * 1.9875691500e-4f + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + r + 1.0f;
    vi power = (__builtin_convertvector(n, vi) + 127) << 23;
    return p * (vf)power;
}

/* The tanh form: x sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3). */
INLINE vf gelu(vf x) { return x / (exponential(-1.5957691216057308f * (x + 0.044715f * x * x * x)) + 1.0f); }

/* ---- inputs and weights in 4 bytes a group ---------------------------------------------------------------------- */

INLINE long per_group(long kind) { return kind == FLOAT32 ? 1 : kind == BFLOAT16 ? 2 : 4; }

static long groups_of(long kind, long k) { return (k + per_group(kind) - 1) / per_group(kind); }

static long stride_of(long kind, long k) { return (groups_of(kind, k) * 4 + 63) / 64 * 64; }

INLINE uint16_t narrow(float f) {
    uint32_t bits;
    memcpy(&bits, &f, 4);
    if ((bits & 0x7fffffff) > 0x7f800000) return 0x7fc0;
    return (uint16_t)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

/* What int8 numbers of this row are to be multiplied with; not a number if one of the row's is not finite. */
static float scale_of(const float *row, long k) {
    vf top = {0}, wrong = {0};
    long i = 0;
    for (; i + LANES <= k; i += LANES) {
        vf v = load(row + i);
        top = most((vf)((vi)v & 0x7fffffff), top);
        wrong += v * 0.0f;
    }
    float found = largest(top), spoilt = total(wrong);
    for (; i < k; i++) {
        found = fabsf(row[i]) > found ? fabsf(row[i]) : found;
        spoilt += row[i] * 0.0f;
    }
    return found / 127 + spoilt;
}

INLINE int whole(float x) { return (int)((x + WHOLE) - WHOLE); }

/* A row of inputs, a multiple of LANES, as the products read it; its scale. */
static float feed(long kind, const float *row, long k, char *to) {
    if (kind == FLOAT32) {
        memcpy(to, row, k * 4);
        return 1;
    }
    if (kind == BFLOAT16) {
        uint16_t *out = (uint16_t *)to;
        for (long i = 0; i < k; i++) out[i] = narrow(row[i]);
        return 1;
    }
    float scale = scale_of(row, k), inverse = scale > 0 ? 1 / scale : 0;
    for (long i = 0; i < k; i += LANES) {
        vf v = (load(row + i) * inverse + WHOLE) - WHOLE;
        vb bytes = __builtin_convertvector(__builtin_convertvector(v, vi) + OFFSET, vb);
        memcpy(to + i, &bytes, LANES);
    }
    return scale;
}

/* Rows `first` and on of a weight (count, k), into panels. */
void pack(long kind, const float *rows, long first, long count, long k, char *weight, float *scale, int32_t *sum,
          long team) {
    long groups = groups_of(kind, k), per = per_group(kind);
#pragma omp parallel for num_threads(team) if (team > 1) schedule(static)
    for (long r = 0; r < count; r++) {
        const float *row = rows + r * k;
        long n = first + r, total = 0;
        char *to = weight + (n / PANEL) * groups * PANEL * 4 + (n % PANEL) * 4;
        float s = kind == INT8 ? scale_of(row, k) : 1, inverse = s > 0 ? 1 / s : 0;
        for (long g = 0; g < groups; g++, to += PANEL * 4) {
            if (kind == FLOAT32) memcpy(to, row + g, 4);
            for (long i = g * per; kind != FLOAT32 && i < (g + 1) * per; i++) {
                if (kind == BFLOAT16) {
                    uint16_t bits = i < k ? narrow(row[i]) : 0;
                    memcpy(to + (i - g * per) * 2, &bits, 2);
                } else {
                    int value = i < k ? whole(row[i] * inverse) : 0;
                    to[i - g * per] = (char)value;
                    total += value;
                }
            }
        }
        if (kind == INT8) {
            scale[n] = s;
            sum[n] = (int32_t)(total * OFFSET);
        }
    }
}

/* Ask for large pages, before memory is first written: fewer of them to look up while weights stream by. */
void spread(char *memory, long size) {
#if defined(__linux__)
    uintptr_t page = 1 << 21, from = ((uintptr_t)memory + page - 1) / page * page,
              to = ((uintptr_t)memory + size) / page * page;
    if (to > from) madvise((void *)from, to - from, MADV_HUGEPAGE);
#endif
}

/* ---- products --------------------------------------------------------------------------------------------------- */

INLINE vi dot8(vi sum, vi weight, int32_t x) {
#if defined(__AVX512VNNI__)
    return (vi)_mm512_dpbusd_epi32((__m512i)sum, _mm512_set1_epi32(x), (__m512i)weight);
#elif defined(__AVX2__)
    __m256i w[2], s[2], all = _mm256_set1_epi32(x), size = _mm256_abs_epi8(all);
    memcpy(w, &weight, 64);
    memcpy(s, &sum, 64);
    for (int i = 0; i < 2; i++) {
        __m256i pairs = _mm256_maddubs_epi16(size, _mm256_sign_epi8(w[i], all));
        s[i] = _mm256_add_epi32(s[i], _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
    }
    memcpy(&sum, s, 64);
    return sum;
#else
    for (int i = 0; i < 4; i++) sum += ((weight << (24 - 8 * i)) >> 24) * (int32_t)(int8_t)((uint32_t)x >> (8 * i));
    return sum;
#endif
}

INLINE vf dot16(vf sum, vf weight, uint32_t x) {
#if defined(__AVX512BF16__)
    return (vf)_mm512_dpbf16_ps((__m512)sum, (__m512bh)_mm512_set1_epi32((int)x), (__m512bh)(__m512i)weight);
#else
    uint32_t first = x << 16, second = x & 0xffff0000;
    float a, b;
    memcpy(&a, &first, 4);
    memcpy(&b, &second, 4);
    sum += (vf)((vu)weight << 16) * a;
    return sum + (vf)((vu)weight & 0xffff0000u) * b;
#endif
}

/* One panel (outputs `first` and on) with `count` rows of `x`. Outputs from `bent` on go through GELU. */
INLINE void tile(const int kind, const int count, const Linear *l, long first, const char *x, long stride,
                 const float *scale, float *out, long across, long bent, int add) {
    long groups = groups_of(kind, l->k);
    const char *w = l->weight + first * groups * 4;
    vf sum[TILE][PARTS];
    vi exact[TILE][PARTS];
#pragma GCC unroll 4
    for (int i = 0; i < count; i++)
#pragma GCC unroll 4
        for (int j = 0; j < PARTS; j++) sum[i][j] = (vf){0}, exact[i][j] = (vi){0};
    for (long g = 0; g < groups; g++, w += PANEL * 4) {
        vf part[PARTS];
#pragma GCC unroll 4
        for (int j = 0; j < PARTS; j++) part[j] = load((const float *)w + j * LANES);
#pragma GCC unroll 4
        for (int j = 0; j < PARTS; j++) __builtin_prefetch(w + AHEAD + 64 * j, 0, 2);
#pragma GCC unroll 4
        for (int i = 0; i < count; i++) {
            uint32_t bits;
            float number;
            memcpy(&bits, x + i * stride + g * 4, 4);
            memcpy(&number, &bits, 4);
#pragma GCC unroll 4
            for (int j = 0; j < PARTS; j++) {
                if (kind == INT8) exact[i][j] = dot8(exact[i][j], (vi)part[j], (int32_t)bits);
                else if (kind == BFLOAT16) sum[i][j] = dot16(sum[i][j], part[j], bits);
                else sum[i][j] += part[j] * number;
            }
        }
    }
#pragma GCC unroll 4
    for (int i = 0; i < count; i++)
#pragma GCC unroll 4
        for (int j = 0; j < PARTS; j++) {
            long at = first + j * LANES, left = l->n - at;
            if (left <= 0) continue;
            vf y = sum[i][j];
            if (kind == INT8) {
                vi taken;
                memcpy(&taken, l->sum + at, 64);
                y = __builtin_convertvector(exact[i][j] - taken, vf) * (load(l->scale + at) * scale[i]);
            }
            if (l->bias) y += load(l->bias + at);
            if (at >= bent) y = gelu(y);
            float *to = out + i * across + at;
            if (left < LANES) memcpy(to, &y, left * 4);
            else store(to, add ? load(to) + y : y);
        }
}

INLINE void some(const int kind, long count, const Linear *l, long first, const char *x, long stride,
                 const float *scale, float *out, long across, long bent, int add) {
#define CASE(N) case N: tile(kind, N, l, first, x, stride, scale, out, across, bent, add); break;
    switch (count) {
        CASE(1)
        CASE(2)
#if TILE == 4
        CASE(3)
        CASE(4)
#endif
    }
#undef CASE
}

/* Rows of inputs for products, and their scales. */
typedef struct {
    char *x;
    float *scale;
    long stride;
} Inputs;

/* All rows through one panel of `l`. */
static void panel(long kind, const Linear *l, long p, Inputs in, long rows, float *out, long across, long bent, int add) {
    long turns = (rows + TILE - 1) / TILE, step = (rows + turns - 1) / turns;
    for (long r = 0; r < rows; r += step) {
        long count = rows - r < step ? rows - r : step;
        const char *from = in.x + r * in.stride;
        const float *scale = in.scale + r;
        float *to = out + r * across;
        if (kind == INT8) some(INT8, count, l, p * PANEL, from, in.stride, scale, to, across, bent, add);
        else if (kind == BFLOAT16) some(BFLOAT16, count, l, p * PANEL, from, in.stride, scale, to, across, bent, add);
        else some(FLOAT32, count, l, p * PANEL, from, in.stride, scale, to, across, bent, add);
    }
}

/* All rows through `l`. The team's threads take panels as they come to it, in runs that lie together: the first long,
   the last single, so that none of them waits long at the barrier that must follow. */
static void product(long kind, const Linear *l, Inputs in, long rows, float *out, long across, long bent) {
#pragma omp for schedule(guided) nowait
    for (long p = 0; p < (l->n + PANEL - 1) / PANEL; p++) panel(kind, l, p, in, rows, out, across, bent, 0);
}

/* The same through two weights of as many outputs, both added to `out`. */
static void sum_of_two(long kind, const Linear *l, Inputs in, const Linear *other, Inputs its, long rows, float *out) {
#pragma omp for schedule(guided) nowait
    for (long p = 0; p < (l->n + PANEL - 1) / PANEL; p++) {
        panel(kind, l, p, in, rows, out, l->n, l->n, 1);
        panel(kind, other, p, its, rows, out, l->n, l->n, 1);
    }
}

/* ---- what lies between them ------------------------------------------------------------------------------------- */

static void norm(const float *x, const float *gain, const float *shift, float epsilon, long size, float *out) {
    vf sum = {0}, square = {0};
    for (long i = 0; i < size; i += LANES) sum += load(x + i);
    float mean = total(sum) / size;
    for (long i = 0; i < size; i += LANES) {
        vf v = load(x + i) - mean;
        square += v * v;
    }
    float spread = 1 / sqrtf(total(square) / size + epsilon);
    for (long i = 0; i < size; i += LANES)
        store(out + i, (load(x + i) - mean) * spread * load(gain + i) + load(shift + i));
}

INLINE vf kept(const char *memory, long at, int half) {
#if defined(__AVX512F__)
    if (half) return (vf)_mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(memory + 2 * at)));
#endif
    return load((const float *)memory + at);
}

static void keep(char *memory, long at, const float *from, long width, int half) {
    for (long i = 0; i < width; i += LANES) {
        vf v = load(from + i);
#if defined(__AVX512F__)
        if (half) {
            const vf zero = {0};
            v = choose(v > 65504.0f, zero + 65504.0f, choose(v < -65504.0f, zero - 65504.0f, v));
            _mm256_storeu_si256((__m256i *)(memory + 2 * (at + i)), _mm512_cvtps_ph((__m512)v, 0));
            continue;
        }
#endif
        store((float *)memory + at + i, v);
    }
}

/* The sums of 16 vectors, each added up in the same order. */
INLINE vf sums(const vf *v) {
#if defined(__AVX512F__)
#define HALF(a, b) ((vf)_mm512_unpacklo_ps((__m512)(a), (__m512)(b)) + (vf)_mm512_unpackhi_ps((__m512)(a), (__m512)(b)))
    vf q[4];
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        vf even = HALF(v[4 * i], v[4 * i + 2]), odd = HALF(v[4 * i + 1], v[4 * i + 3]);
        q[i] = HALF(even, odd);
    }
#undef HALF
#define PICK(a, b, how) (vf) _mm512_shuffle_f32x4((__m512)(a), (__m512)(b), how)
    vf a = PICK(q[0], q[1], 0x44) + PICK(q[0], q[1], 0xee), b = PICK(q[2], q[3], 0x44) + PICK(q[2], q[3], 0xee);
    return PICK(a, b, 0x88) + PICK(a, b, 0xdd);
#undef PICK
#else
    vf found;
    for (int i = 0; i < LANES; i++) found[i] = total(v[i]);
    return found;
#endif
}

/* Attention of one query (in `q`, where the result goes too) to the first `length` of `keys` and `values`. */
INLINE void attend(const int parts, const int half, float *q, const char *keys, const char *values, long length,
                   float *score) {
    const long width = parts * LANES;
    const vf none = (vf){0} - 1e30f, zero = {0};
    const vi lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    vf query[WIDEST / LANES], top = none, sum = {0};
#pragma GCC unroll 5
    for (int c = 0; c < parts; c++) query[c] = load(q + c * LANES);
    for (long j = 0; j < length; j += LANES) {
        vf each[LANES];
#pragma GCC unroll 16
        for (int i = 0; i < LANES; i++) {
            each[i] = query[0] * kept(keys, (j + i) * width, half);
#pragma GCC unroll 5
            for (int c = 1; c < parts; c++) each[i] += query[c] * kept(keys, (j + i) * width + c * LANES, half);
        }
        vf found = choose(lane < (int32_t)(length - j < LANES ? length - j : LANES), sums(each), none);
        top = most(found, top);
        store(score + j, found);
    }
    float peak = largest(top);
    for (long j = 0; j < length; j += LANES) {
        vf chance = exponential(load(score + j) - peak);
        chance = choose(lane < (int32_t)(length - j < LANES ? length - j : LANES), chance, zero);
        sum += chance;
        store(score + j, chance);
    }
    float share = 1 / total(sum);
    vf even[WIDEST / LANES], odd[WIDEST / LANES];
#pragma GCC unroll 5
    for (int c = 0; c < parts; c++) even[c] = odd[c] = zero;
    long j = 0;
    for (; j + 1 < length; j += 2)
#pragma GCC unroll 5
        for (int c = 0; c < parts; c++) {
            even[c] += kept(values, j * width + c * LANES, half) * score[j];
            odd[c] += kept(values, (j + 1) * width + c * LANES, half) * score[j + 1];
        }
    if (j < length)
#pragma GCC unroll 5
        for (int c = 0; c < parts; c++) even[c] += kept(values, j * width + c * LANES, half) * score[j];
#pragma GCC unroll 5
    for (int c = 0; c < parts; c++) store(q + c * LANES, (even[c] + odd[c]) * share);
}

static void attention(long width, long half, float *q, const char *keys, const char *values, long length,
                      float *score) {
#define CASE(N) \
    case N: \
        if (half) attend(N, 1, q, keys, values, length, score); \
        else attend(N, 0, q, keys, values, length, score); \
        break;
    switch (width / LANES) {
        CASE(1)
        CASE(2)
        CASE(4)
        CASE(5)
        default:
            if (half) attend((int)(width / LANES), 1, q, keys, values, length, score);
            else attend((int)(width / LANES), 0, q, keys, values, length, score);
    }
#undef CASE
}

static void rotate(float *x, const float *cos, const float *sin, long pairs) {
    for (long i = 0; i < pairs; i++) {
        float a = x[2 * i], b = x[2 * i + 1];
        x[2 * i] = a * cos[i] - b * sin[i];
        x[2 * i + 1] = b * cos[i] + a * sin[i];
    }
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

/* Attention of all rows to themselves and what came before, in layer i. One row's heads need no barrier in between:
   the same thread writes a head's key and value and reads them. */
static void attention_of(const Model *m, long i, long rows, float *z, long across, const long *place,
                         char *const *rooms, const long *room, float *score) {
    long size = m->heads * m->width, item = m->half ? 2 : 4, pairs = m->rotary / 2;
#pragma omp for schedule(static) nowait
    for (long t = 0; t < rows * m->heads; t++) {
        long r = t / m->heads, h = t % m->heads;
        float *q = z + r * across + h * m->width, *k = q + size;
        const float *cos = m->cos + place[r] * pairs, *sin = m->sin + place[r] * pairs;
        rotate(q, cos, sin, pairs);
        rotate(k, cos, sin, pairs);
        long key = ((2 * i * m->heads + h) * room[r] + place[r]) * m->width;
        keep(rooms[r], key, k, m->width, (int)m->half);
        keep(rooms[r], key + m->heads * room[r] * m->width, k + size, m->width, (int)m->half);
    }
    if (rows > 1) {
#pragma omp barrier
    }
#pragma omp for schedule(static)
    for (long t = 0; t < rows * m->heads; t++) {
        long r = t / m->heads, h = t % m->heads;
        const char *keys = rooms[r] + (2 * i * m->heads + h) * room[r] * m->width * item;
        const char *values = keys + m->heads * room[r] * m->width * item;
        attention(m->width, m->half, z + r * across + h * m->width, keys, values, place[r] + 1, score);
    }
}

/* Memory of a call, in pieces of whole cache lines. */
static char *piece(char **free, size_t size) {
    char *found = *free;
    *free += (size + 63) / 64 * 64;
    return found;
}

/* Rows of `x` (rows, size): embeddings in, states after the final norm out. Row r is at place[r] of the sequence whose
   keys and values lie at rooms[r], (layers, 2, heads, room[r], width), and are written there. -1 if memory ran out.
   A single row's inputs every thread makes for itself: that takes less time than to wait for another to have done it. */
int forward(const Model *m, long rows, float *x, const long *place, char *const *rooms, const long *room) {
    long size = m->heads * m->width, across = 3 * size + m->inner, kind = m->kind, longest = 0;
    long narrow = stride_of(kind, size), broad = stride_of(kind, m->inner), copies = rows > 1 ? 1 : m->team;
    for (long r = 0; r < rows; r++) longest = place[r] > longest ? place[r] : longest;
    longest = (longest / LANES + 1) * LANES;
    size_t all = rows * (across * 4 + copies * (narrow + broad + 8)) + m->team * (longest + size) * 4;
    char *memory = aligned_alloc(64, (all + 64 * (2 + 6 * m->team) + 63) / 64 * 64), *left = memory;
    if (!memory) return -1;
    float *z = (float *)piece(&left, rows * across * 4);
    Inputs shared = {0}, second = {0};
#pragma omp parallel num_threads(m->team) if (m->team > 1)
    {
        float *score = 0, *normed = 0;
        Inputs a, b;
#pragma omp critical
        {
            score = (float *)piece(&left, longest * 4);
            normed = (float *)piece(&left, size * 4);
            if (copies > 1 || !shared.x) {
                shared = (Inputs){piece(&left, rows * narrow), (float *)piece(&left, rows * 4), narrow};
                second = (Inputs){piece(&left, rows * broad), (float *)piece(&left, rows * 4), broad};
            }
            a = shared;
            b = second;
        }
        for (long i = 0; i < m->layers; i++) {
            const Layer *layer = m->layer + i;
            if (rows == 1) {
                norm(x, layer->gain, layer->shift, (float)m->epsilon, size, normed);
                *a.scale = feed(kind, normed, size, a.x);
            } else {
#pragma omp for schedule(static)
                for (long r = 0; r < rows; r++) {
                    norm(x + r * size, layer->gain, layer->shift, (float)m->epsilon, size, normed);
                    a.scale[r] = feed(kind, normed, size, a.x + r * narrow);
                }
            }
            product(kind, &layer->wide, a, rows, z, across, 3 * size);
#pragma omp barrier
            attention_of(m, i, rows, z, across, place, rooms, room, score);
            if (rows == 1) {
                *a.scale = feed(kind, z, size, a.x);
                *b.scale = feed(kind, z + 3 * size, m->inner, b.x);
            } else {
#pragma omp for schedule(static)
                for (long t = 0; t < 2 * rows; t++) {
                    long r = t % rows;
                    const float *from = z + r * across;
                    if (t < rows) a.scale[r] = feed(kind, from, size, a.x + r * narrow);
                    else b.scale[r] = feed(kind, from + 3 * size, m->inner, b.x + r * broad);
                }
            }
            sum_of_two(kind, &layer->out, a, &layer->down, b, rows, x);
#pragma omp barrier
        }
#pragma omp for schedule(static)
        for (long r = 0; r < rows; r++) norm(x + r * size, m->gain, m->shift, (float)m->epsilon, size, x + r * size);
    }
    free(memory);
    return 0;
}

/* Scores (rows, head.n) of final states (rows, head.k). -1 if memory ran out. */
int scores(const Model *m, long rows, const float *states, float *out) {
    long stride = stride_of(m->kind, m->head.k);
    size_t for_s = (rows + 15) / 16 * 64;
    char *memory = aligned_alloc(64, for_s + rows * stride);
    if (!memory) return -1;
    Inputs in = {memory + for_s, (float *)memory, stride};
    for (long r = 0; r < rows; r++) in.scale[r] = feed(m->kind, states + r * m->head.k, m->head.k, in.x + r * stride);
#pragma omp parallel num_threads(m->team) if (m->team > 1)
    product(m->kind, &m->head, in, rows, out, m->head.n, m->head.n);
    free(memory);
    return 0;
}

/* Whether keys and values can be kept in half precision. */
int halves(void) {
#if defined(__AVX512F__)
    return 1;
#else
    return 0;
#endif
}
