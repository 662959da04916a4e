/*
 * The floor of the figure: a plain loop over the same descriptors, with the same tables, to the same number of edges.
 * Usage: descriptors TABLES DESCRIPTORS PAGE PASSES; prints the nanoseconds of each page of so many descriptors, as often
 * as there are passes, and the number of edges of all pages. A page is copied before it is timed, as one that has just
 * arrived is: the same few in a cache would be another task.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MASKS 0x4000
#define MOST_RULES 32
#define MOST_GUIDS 64
#define SLOTS 256
#define MOST_TRUSTEES 1024

struct rule { int32_t needs, any, stands; };
struct table {
  int32_t allowed[MASKS], denied[MASKS];
  int32_t all, guid_count, rule_count, class_known;
  uint32_t class_guid[4];
  struct { uint32_t guid[4]; int32_t rights; } guids[MOST_GUIDS];
  struct rule rules[MOST_RULES];
  struct { uint32_t guid[4]; int32_t rights; } slots[SLOTS];
  struct { int32_t used, rights, edges; } known[SLOTS];
};
struct trustee { uint64_t sid; int32_t possible, sure, denied; };

static uint32_t word(const uint8_t *at) { uint32_t value; memcpy(&value, at, 4); return value; }

static uint64_t hash_sid(const uint8_t *sid) {
  uint64_t hash = 0xcbf29ce484222325u;
  int words = 2 + sid[1];
  for (int i = 0; i < words; i++) hash = (hash ^ word(sid + 4 * i)) * 0x9e3779b97f4a7c15u, hash ^= hash >> 29;
  return hash;
}

static uint32_t guid_slot(const uint32_t *guid) { return ((guid[0] ^ guid[3]) * 0x9e3779b1u) >> 24; }

static int32_t covered(const struct table *table, const uint8_t *at) {
  uint32_t guid[4];
  memcpy(guid, at, 16);
  for (uint32_t slot = guid_slot(guid);; slot = (slot + 1) % SLOTS) {
    if (table->slots[slot].rights == 0) return 0;
    if (memcmp(table->slots[slot].guid, guid, 16) == 0) return table->slots[slot].rights;
  }
}

static int count_rules(const struct table *table, int32_t rights) {
  int found = 0;
  int32_t stood_for = 0;
  for (int i = 0; i < table->rule_count; i++) {
    const struct rule *rule = &table->rules[i];
    if (rule->needs == 0 || (rule->needs & ~stood_for) == 0) continue;
    if (rule->any ? (rights & rule->needs) == 0 : (rights & rule->needs) != rule->needs) continue;
    found++;
    stood_for |= rule->stands;
  }
  return found;
}

static int edges_of_rights(struct table *table, int32_t rights) {
  uint32_t slot = ((uint32_t)rights * 0x9e3779b1u) >> 24;
  if (!table->known[slot].used || table->known[slot].rights != rights) {
    table->known[slot].used = 1;
    table->known[slot].rights = rights;
    table->known[slot].edges = count_rules(table, rights);
  }
  return table->known[slot].edges;
}

static uint64_t everyone, authenticated, owner_rights, creator;
static struct trustee trustees[MOST_TRUSTEES];

static struct trustee *find(int *count, uint64_t sid) {
  for (int i = 0; i < *count; i++)
    if (trustees[i].sid == sid) return &trustees[i];
  struct trustee *added = &trustees[(*count)++];
  memset(added, 0, sizeof *added);
  added->sid = sid;
  return added;
}

static int edges_of(struct table *table, const uint8_t *bytes, uint32_t length) {
  if (length < 20 || bytes[0] != 1) return 0;
  uint32_t owner_at = word(bytes + 4), at = word(bytes + 16);
  if (owner_at + 8 > length || at + 8 > length) return 0;
  uint64_t owner = hash_sid(bytes + owner_at);
  uint32_t end = at + (word(bytes + at) >> 16), left = word(bytes + at + 4) & 0xffff;
  int count = 0, owns = 1;
  int32_t lost_by_all = 0, lost_by_any = 0;
  static const uint8_t nil[16];
  for (at += 8; left > 0; left--) {
    if (at + 8 > end || end > length) break;
    uint32_t head = word(bytes + at), size = head >> 16, type = head & 0xff, flags = head >> 8 & 0xff;
    uint32_t sid_at = at + 8;
    const uint8_t *object_type = NULL, *class_guid = NULL;
    if (size < 8 || at + size > end) break;
    if (type == 5 || type == 6) {
      uint32_t present = word(bytes + at + 8);
      sid_at += 4;
      if (present & 1) object_type = bytes + sid_at, sid_at += 16;
      if (present & 2) class_guid = bytes + sid_at, sid_at += 16;
    } else if (type > 1) break;
    if (sid_at + 8 > at + size || sid_at + 8 + 4 * bytes[sid_at + 1] > at + size) break;
    int allows = type == 0 || type == 5;
    uint32_t mask = word(bytes + at + 4);
    int32_t rights = (allows ? table->allowed : table->denied)[(mask & 0x3ff) | (mask >> 6 & 0x3c00)];
    at += size;
    if (rights == 0 || flags & 8) continue;
    if (flags & 16 && class_guid && table->class_known && memcmp(class_guid, table->class_guid, 16) != 0 &&
        memcmp(class_guid, nil, 16) != 0)
      continue;
    if (object_type) rights &= covered(table, object_type);
    if (rights == 0) continue;
    uint64_t sid = hash_sid(bytes + sid_at);
    if (sid == creator) continue;
    if (sid == owner_rights) owns = 0, sid = owner;
    struct trustee *trustee = find(&count, sid);
    if (allows) {
      int32_t got = rights & ~(trustee->denied | lost_by_all);
      trustee->possible |= got;
      trustee->sure |= got & ~lost_by_any;
    } else {
      int32_t lost = rights & ~trustee->sure;
      trustee->denied |= lost;
      lost_by_any |= lost;
      if (sid == everyone || sid == authenticated) lost_by_all |= lost;
    }
  }
  int edges = owns;
  for (int i = 0; i < count; i++)
    if (trustees[i].possible) edges += edges_of_rights(table, trustees[i].possible);
  return edges;
}

static uint8_t *read_whole(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (!file) exit(2);
  fseek(file, 0, SEEK_END);
  *size = ftell(file);
  rewind(file);
  uint8_t *bytes = malloc(*size);
  if (!bytes || fread(bytes, 1, *size, file) != *size) exit(2);
  fclose(file);
  return bytes;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  size_t size;
  uint8_t *at = read_whole(argv[1], &size);
  uint32_t table_count = word(at);
  struct table *tables = calloc(table_count, sizeof *tables);
  at += 4;
  for (uint32_t i = 0; i < table_count; i++) {
    struct table *table = &tables[i];
    memcpy(table->allowed, at, 4 * MASKS), at += 4 * MASKS;
    memcpy(table->denied, at, 4 * MASKS), at += 4 * MASKS;
    memcpy(&table->all, at, 16), at += 16;
    memcpy(table->class_guid, at, 16), at += 16;
    if (table->guid_count > MOST_GUIDS || table->rule_count > MOST_RULES) return 2;
    memcpy(table->guids, at, 20 * table->guid_count), at += 20 * table->guid_count;
    memcpy(table->rules, at, 12 * table->rule_count), at += 12 * table->rule_count;
    for (int32_t g = 0; g < table->guid_count; g++) {
      uint32_t slot = guid_slot(table->guids[g].guid);
      while (table->slots[slot].rights) slot = (slot + 1) % SLOTS;
      memcpy(&table->slots[slot], &table->guids[g], 20);
    }
  }
  everyone = hash_sid((const uint8_t *)"\1\1\0\0\0\0\0\1\0\0\0\0");
  authenticated = hash_sid((const uint8_t *)"\1\1\0\0\0\0\0\5\13\0\0\0");
  owner_rights = hash_sid((const uint8_t *)"\1\1\0\0\0\0\0\3\4\0\0\0");
  creator = hash_sid((const uint8_t *)"\1\1\0\0\0\0\0\3\0\0\0\0");
  uint8_t *descriptors = read_whole(argv[2], &size);
  uint32_t page = atoi(argv[3]), passes = atoi(argv[4]);
  uint8_t *arrived = malloc(size);
  if (!arrived || page == 0) return 2;
  long long edges = 0;
  for (uint32_t pass = 0; pass < passes; pass++) {
    const uint8_t *begin = descriptors + 4;
    edges = 0;
    for (uint32_t left = word(descriptors); left >= page; left -= page) {
      struct timespec from, to;
      const uint8_t *end = begin;
      for (uint32_t i = 0; i < page; i++) end += 8 + ((word(end + 4) + 3) & ~3u);
      memcpy(arrived, begin, end - begin);
      clock_gettime(CLOCK_MONOTONIC, &from);
      const uint8_t *next = arrived;
      for (uint32_t i = 0; i < page; i++) {
        uint32_t length = word(next + 4);
        edges += edges_of(&tables[word(next)], next + 8, length);
        next += 8 + ((length + 3) & ~3u);
      }
      clock_gettime(CLOCK_MONOTONIC, &to);
      printf("%lld\n", (to.tv_sec - from.tv_sec) * 1000000000LL + (to.tv_nsec - from.tv_nsec));
      begin = end;
    }
  }
  printf("%lld\n", edges);
  return 0;
}
