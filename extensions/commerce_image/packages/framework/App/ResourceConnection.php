<?php

declare(strict_types=1);

namespace Magento\Framework\App;

use PDO;
use PDOStatement;

/**
 * The store's database. Tables are written {name} in the SQL: the prefix of env.php is put before them.
 */
class ResourceConnection
{
    private const DEFAULT_PORT = '3306';

    private ?PDO $connection = null;

    public function __construct(private readonly DeploymentConfig $deploymentConfig)
    {
    }

    /**
     * @param array<string|int, mixed> $parameters
     */
    public function query(string $sql, array $parameters = []): PDOStatement
    {
        $sql = preg_replace_callback('/\{(\w+)\}/', fn (array $match): string => $this->getTableName($match[1]), $sql);
        $statement = $this->getConnection()->prepare($sql);
        $statement->execute($parameters);

        return $statement;
    }

    /**
     * @param array<string|int, mixed> $parameters
     * @return list<array<string, mixed>>
     */
    public function fetchAll(string $sql, array $parameters = []): array
    {
        return $this->query($sql, $parameters)->fetchAll(PDO::FETCH_ASSOC);
    }

    /**
     * @param array<string|int, mixed> $parameters
     * @return array<string, mixed>|null
     */
    public function fetchRow(string $sql, array $parameters = []): ?array
    {
        return $this->query($sql, $parameters)->fetch(PDO::FETCH_ASSOC) ?: null;
    }

    /**
     * @return array<string|int, mixed> first column => second column
     */
    public function fetchPairs(string $sql): array
    {
        return $this->query($sql)->fetchAll(PDO::FETCH_KEY_PAIR);
    }

    /**
     * @param array<string, mixed> $row column => value
     * @return int the new row's id
     */
    public function insert(string $table, array $row): int
    {
        $columns = '`' . implode('`, `', array_keys($row)) . '`';
        $places = implode(', ', array_fill(0, count($row), '?'));
        $this->query("INSERT INTO {{$table}} ($columns) VALUES ($places)", array_values($row));

        return (int)$this->getConnection()->lastInsertId();
    }

    public function getTableName(string $table): string
    {
        return '`' . $this->deploymentConfig->get('db/table_prefix', '') . $table . '`';
    }

    private function getConnection(): PDO
    {
        return $this->connection ??= $this->connect();
    }

    /**
     * As Commerce does: times in UTC, and an empty SQL mode, in which MariaDB makes do with what it is given.
     */
    private function connect(): PDO
    {
        $config = (array)$this->deploymentConfig->get('db/connection/default', []);
        $connection = new PDO(
            $this->getDataSource((string)($config['host'] ?? 'localhost'), (string)($config['dbname'] ?? '')),
            (string)($config['username'] ?? ''),
            (string)($config['password'] ?? ''),
            ($config['driver_options'] ?? []) + [PDO::ATTR_EMULATE_PREPARES => false],
        );
        $connection->exec("SET SQL_MODE='', time_zone = '+00:00'");

        return $connection;
    }

    /**
     * @param string $host a name, name:port, or the path of a socket
     */
    private function getDataSource(string $host, string $database): string
    {
        if (str_contains($host, '/')) {
            return "mysql:unix_socket=$host;dbname=$database;charset=utf8mb4";
        }
        [$name, $port] = explode(':', $host, 2) + [1 => self::DEFAULT_PORT];

        return "mysql:host=$name;port=$port;dbname=$database;charset=utf8mb4";
    }
}
