/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/serve/clients.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

struct client {
    struct client *next, *before; /* under the lock */
    int descriptor;
    _Atomic uint64_t since; /* seconds; 0: it does not wait */
};

struct clients {
    pthread_mutex_t lock;
    struct client *first;
    unsigned count;
};

struct clients *clients_open(void) {
    struct clients *clients = calloc(1, sizeof *clients);
    if (clients)
        pthread_mutex_init(&clients->lock, NULL);
    return clients;
}

void clients_close(struct clients *clients) {
    if (!clients)
        return;
    while (clients->first)
        clients_remove(clients, clients->first);
    pthread_mutex_destroy(&clients->lock);
    free(clients);
}

struct client *clients_add(struct clients *clients, int descriptor) {
    struct client *client = calloc(1, sizeof *client);
    if (!client)
        return NULL;
    client->descriptor = descriptor;
    pthread_mutex_lock(&clients->lock);
    client->next = clients->first;
    if (client->next)
        client->next->before = client;
    clients->first = client;
    clients->count++;
    pthread_mutex_unlock(&clients->lock);
    return client;
}

void clients_remove(struct clients *clients, struct client *client) {
    if (!client)
        return;
    pthread_mutex_lock(&clients->lock);
    if (client->before)
        client->before->next = client->next;
    else
        clients->first = client->next;
    if (client->next)
        client->next->before = client->before;
    clients->count--;
    pthread_mutex_unlock(&clients->lock);
    free(client);
}

void client_waits(struct client *client, uint64_t since) {
    if (client)
        atomic_store_explicit(&client->since, since, memory_order_relaxed);
}

/* The descriptor stays open, and the client in the list, until libmicrohttpd says that it is
 * closed; so the number cannot mean another connection here. */
unsigned clients_drop(struct clients *clients, uint64_t before) {
    unsigned dropped = 0;
    pthread_mutex_lock(&clients->lock);
    for (struct client *client = clients->first; client; client = client->next) {
        uint64_t since = atomic_load_explicit(&client->since, memory_order_relaxed);
        if (!since || since >= before)
            continue;
        shutdown(client->descriptor, SHUT_RDWR);
        atomic_store_explicit(&client->since, 0, memory_order_relaxed);
        dropped++;
    }
    pthread_mutex_unlock(&clients->lock);
    return dropped;
}

unsigned clients_count(struct clients *clients) {
    pthread_mutex_lock(&clients->lock);
    unsigned count = clients->count;
    pthread_mutex_unlock(&clients->lock);
    return count;
}
