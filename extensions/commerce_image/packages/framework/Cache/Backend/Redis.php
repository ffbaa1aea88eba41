<?php

declare(strict_types=1);

namespace Magento\Framework\Cache\Backend;

use Magento\Framework\Cache\BackendInterface;
use Redis as Connection;

/**
 * A hash in Redis for each entry, `zc:k:PREFIXID`, and a set for each tag, `zc:ti:PREFIXTAG`, of the ids that bear it.
 *
 * Emptying it is FLUSHDB: whatever else lies in the same database goes along, other stores' sessions too.
 */
class Redis implements BackendInterface
{
    private const KEY = 'zc:k:';
    private const TAG = 'zc:ti:';
    private const DATA_FIELD = 'd';
    private const TAGS_FIELD = 't';
    private const TIMEOUT_SECONDS = 2.5;

    private ?Connection $connection = null;

    /**
     * @param array<string, mixed> $options server, port, database, password
     * @param string $keyPrefix tells this store's entries from those of others in the same database
     */
    public function __construct(private readonly array $options, private readonly string $keyPrefix)
    {
    }

    public function load(string $id): ?string
    {
        $content = $this->connect()->hGet(self::KEY . $this->getName($id), self::DATA_FIELD);

        return $content === false ? null : $content;
    }

    public function save(string $id, string $content, array $tags): void
    {
        $name = $this->getName($id);
        $transaction = $this->connect()->multi();
        $transaction->hMSet(self::KEY . $name, [
            self::DATA_FIELD => $content,
            self::TAGS_FIELD => implode(',', array_map($this->getName(...), $tags)),
        ]);
        foreach ($tags as $tag) {
            $transaction->sAdd(self::TAG . $this->getName($tag), $name);
        }
        $transaction->exec();
    }

    public function remove(string $id): void
    {
        $name = $this->getName($id);
        $tags = array_filter(explode(',', (string)$this->connect()->hGet(self::KEY . $name, self::TAGS_FIELD)));
        $this->connect()->del(self::KEY . $name);
        foreach ($tags as $tag) {
            $this->connect()->sRem(self::TAG . $tag, $name);
        }
    }

    public function cleanTag(string $tag): void
    {
        $set = self::TAG . $this->getName($tag);
        $names = $this->connect()->sMembers($set);
        $keys = array_map(fn (string $name): string => self::KEY . $name, $names);
        $this->connect()->del([...$keys, $set]);
    }

    public function cleanAll(): void
    {
        $this->connect()->flushDB();
    }

    private function getName(string $idOrTag): string
    {
        return $this->keyPrefix . strtoupper(preg_replace('/\W/', '_', $idOrTag));
    }

    /**
     * A connection is made when it is first needed: a store whose wiring is compiled may never need one.
     */
    private function connect(): Connection
    {
        if ($this->connection === null) {
            $connection = new Connection();
            $server = (string)($this->options['server'] ?? '127.0.0.1');
            $connection->connect($server, (int)($this->options['port'] ?? 6379), self::TIMEOUT_SECONDS);
            if (($this->options['password'] ?? '') !== '') {
                $connection->auth($this->options['password']);
            }
            $connection->select((int)($this->options['database'] ?? 0));
            $this->connection = $connection;
        }

        return $this->connection;
    }
}
