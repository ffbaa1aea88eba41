<?php

declare(strict_types=1);

namespace Magento\Framework\App;

/**
 * The HTTP request of this process.
 */
class Request
{
    private const INDEX_SCRIPT = '/index.php';

    private readonly string $path;

    public function __construct()
    {
        $path = (string)parse_url($this->getUri(), PHP_URL_PATH);
        $isIndex = $path === self::INDEX_SCRIPT || str_starts_with($path, self::INDEX_SCRIPT . '/');
        $this->path = trim($isIndex ? substr($path, strlen(self::INDEX_SCRIPT)) : $path, '/');
    }

    /**
     * A HEAD request is answered as a GET: the web server leaves the body out.
     */
    public function getMethod(): string
    {
        $method = $_SERVER['REQUEST_METHOD'] ?? 'GET';

        return $method === 'HEAD' ? 'GET' : $method;
    }

    public function getUri(): string
    {
        return $_SERVER['REQUEST_URI'] ?? '/';
    }

    /**
     * @return string without slashes at its ends; empty for the home page
     */
    public function getPath(): string
    {
        return $this->path;
    }

    /**
     * @return string the first part of the path
     */
    public function getFrontName(): string
    {
        return explode('/', $this->path, 2)[0];
    }

    /**
     * @return string the path behind its first part
     */
    public function getPathInArea(): string
    {
        return explode('/', $this->path, 2)[1] ?? '';
    }

    /**
     * @return string empty when the header was not sent
     */
    public function getHeader(string $name): string
    {
        $key = 'HTTP_' . strtr(strtoupper($name), '-', '_');
        $key = $key === 'HTTP_CONTENT_TYPE' ? 'CONTENT_TYPE' : $key;

        return (string)($_SERVER[$key] ?? '');
    }

    public function getQuery(string $name): ?string
    {
        $value = $_GET[$name] ?? null;

        return is_string($value) ? $value : null;
    }

    /**
     * @return string|array<array-key, mixed>|null
     */
    public function getPost(string $name): string|array|null
    {
        return $_POST[$name] ?? null;
    }

    public function getBody(): string
    {
        return (string)file_get_contents('php://input');
    }

    public function getClientIp(): string
    {
        return $_SERVER['REMOTE_ADDR'] ?? '';
    }

    public function getHost(): string
    {
        return $this->getHeader('Host');
    }

    /**
     * @param string $offloaderHeader the header by which a proxy that ended TLS says so
     */
    public function isSecure(string $offloaderHeader = ''): bool
    {
        return !in_array($_SERVER['HTTPS'] ?? 'off', ['', 'off'], true)
            || ($offloaderHeader !== '' && $this->getHeader($offloaderHeader) === 'https');
    }
}
